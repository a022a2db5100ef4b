"""岗位清单签署: signing the list of one's post, and who has and has not."""
