"""Clinics' own systems over HL7 v2 chapter 16 (eClaims): EHC^E01 and EHC^E02 in, EHC^E10 or ACK out."""
