// A chat client in Go, as somebody writes it who knows Go: `chat_client HOST PORT`.
package main

import (
	"bufio"
	"fmt"
	"log"
	"net"
	"os"
)

func main() {
	server, err := net.Dial("tcp", net.JoinHostPort(os.Args[1], os.Args[2]))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("chat client start")
	closed := make(chan bool)
	go func() {
		buffer := make([]byte, 2048)
		for {
			count, err := server.Read(buffer)
			if err != nil {
				close(closed)
				return
			}
			fmt.Printf("receive :  %s\n", buffer[:count])
		}
	}()
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		fmt.Fprint(server, lines.Text())
		if lines.Text() == "bye" {
			break
		}
	}
	server.(*net.TCPConn).CloseWrite()
	<-closed
}
