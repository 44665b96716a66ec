"""What happens by itself: walking the export, sending, asking, tailing. No Qt, and no clock but the one it is given."""
