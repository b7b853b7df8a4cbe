# Ruby finds this file through RUBYLIB and RUBYOPT, and runs it before the program that is checked. Through
# a pipe stdout would keep its lines until the program ends; here it writes at once, as at a terminal.
$stdout.sync = true
