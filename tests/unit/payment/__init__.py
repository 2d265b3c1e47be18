"""How institutions are paid: measures, methods, assessments, their files and what is reported when they are wrong."""
