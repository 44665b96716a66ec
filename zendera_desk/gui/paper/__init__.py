"""Paper: the page where stacks fall into documents, and the lane in which one document after the other is keyed."""
