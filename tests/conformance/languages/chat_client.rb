# A chat client in Ruby, as somebody writes it who knows Ruby: `chat_client.rb HOST PORT`.
require "socket"

server = TCPSocket.new(ARGV[0], ARGV[1].to_i)
print "chat client start\n"
receiving = Thread.new do
  loop { print "receive :  ", server.readpartial(2048).force_encoding("UTF-8"), "\n" }
rescue EOFError
  # The server has closed.
end
while (line = $stdin.gets)
  line.chomp!
  # A character is a character only where the locale says UTF-8.
  server.write(line.chars.join)
  break if line == "bye"
end
server.close_write
receiving.join
