"""How the lessons are made: run them, blank the exercises, write the teacher's pages and the HTML edition."""
