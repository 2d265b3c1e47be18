"""The one way in: messages of every feed are decoded, translated, decided, recorded and answered here."""
