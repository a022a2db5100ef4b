"""What all pages share: the frame, lists, forms, badges, times and the template tags for them."""
