"""The writing coach: rules that argue like a budget examiner, and what authors answer them."""
