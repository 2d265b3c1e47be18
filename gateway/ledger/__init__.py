"""The fund's books: double entry in signed fen, debit positive, credit negative."""
