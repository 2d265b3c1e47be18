"""Clearing with institutions: applications, approvals, payments, remittances."""
