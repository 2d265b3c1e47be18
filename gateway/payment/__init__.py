"""How institutions are paid: terms as dated data, one method a file. What a person paid is never changed by them."""
