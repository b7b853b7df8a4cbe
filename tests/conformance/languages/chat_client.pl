# A chat client in Perl, as somebody writes it who knows Perl: `chat_client.pl HOST PORT`.
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;

my $server = IO::Socket::INET->new(PeerAddr => $ARGV[0], PeerPort => $ARGV[1]) or die $@;
print "chat client start\n";
my $open = IO::Select->new($server, \*STDIN);
while (1) {
    for my $handle ($open->can_read) {
        my $count = sysread($handle, my $bytes, 2048);
        exit if !$count;
        if ($handle == $server) {
            print "receive :  $bytes\n";
            next;
        }
        for my $line (split /\n/, $bytes) {
            syswrite($server, $line);
            next if $line ne "bye";
            shutdown($server, 1);
            $open->remove(\*STDIN);
        }
    }
}
