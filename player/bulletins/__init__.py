"""Bulletins: what stands where on which page (planned with numbers only), and pages painted from the plan."""
