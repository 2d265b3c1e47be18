"""Reconciliation 对账: what institutions and banks say of a day beside the books, its worklist, and its sign-off."""
