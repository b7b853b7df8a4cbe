// A chat client in C#, as somebody writes it who knows C#: `mono ChatClient.exe HOST PORT`. Console has the
// locale's encoding.
using System;
using System.Net.Sockets;
using System.Text;
using System.Threading;

class ChatClient
{
    static void Main(string[] args)
    {
        var client = new TcpClient(args[0], int.Parse(args[1]));
        var server = client.GetStream();
        Console.WriteLine("chat client start");
        var receiving = new Thread(() =>
        {
            var buffer = new byte[2048];
            int count;
            while ((count = server.Read(buffer, 0, buffer.Length)) > 0)
                Console.WriteLine("receive :  " + Encoding.UTF8.GetString(buffer, 0, count));
        });
        receiving.Start();
        string line;
        while ((line = Console.ReadLine()) != null)
        {
            var bytes = Encoding.UTF8.GetBytes(line);
            server.Write(bytes, 0, bytes.Length);
            if (line == "bye") break;
        }
        client.Client.Shutdown(SocketShutdown.Send);
        receiving.Join();
        client.Close();
    }
}
