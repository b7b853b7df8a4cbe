// A chat client in Java, as somebody writes it who knows Java: `java ChatClient.java HOST PORT`. Text has
// the locale's encoding where the program names none.
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.Charset;
import java.util.Scanner;

public class ChatClient {
    public static void main(String[] args) throws Exception {
        Charset charset = Charset.defaultCharset();
        Socket server = new Socket(args[0], Integer.parseInt(args[1]));
        System.out.println("chat client start");
        Thread receiving = new Thread(() -> {
            try {
                InputStream in = server.getInputStream();
                byte[] buffer = new byte[2048];
                int count;
                while ((count = in.read(buffer)) > 0) {
                    System.out.println("receive :  " + new String(buffer, 0, count, charset));
                }
            } catch (Exception e) {
                System.out.println(e);
            }
        });
        receiving.start();
        OutputStream out = server.getOutputStream();
        Scanner lines = new Scanner(System.in, charset);
        while (lines.hasNextLine()) {
            String line = lines.nextLine();
            out.write(line.getBytes(charset));
            if (line.equals("bye")) break;
        }
        server.shutdownOutput();
        receiving.join();
        server.close();
    }
}
