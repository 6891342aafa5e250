"""The example office: two years of its books, what its bank says, and the main job on both."""
