"""What the kernel's values promise."""
