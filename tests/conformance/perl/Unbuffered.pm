# Perl finds this file through PERL5LIB and PERL5OPT, and runs it before the program that is checked. Through
# a pipe stdout would keep its lines until the program ends; here it writes at once, as at a terminal.
package Unbuffered;

STDOUT->autoflush(1);

1;
