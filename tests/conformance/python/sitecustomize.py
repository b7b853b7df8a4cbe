# Python finds this file through PYTHONPATH and runs it before the program that is checked. Through a
# pipe stdout would keep its lines until the program ends; here it writes each line at once and whole,
# as it does at a terminal.
import sys

sys.stdout.reconfigure(line_buffering=True, write_through=False)
