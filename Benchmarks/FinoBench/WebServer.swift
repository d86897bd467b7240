/// FinoBench: other people's web servers.

import CLoad
import Foundation
import Lab

final class WebServer {
  private let process: ChildProcess
  let port: UInt16
  /// The leader of a session that has all its processes.
  var processID: Int32 { process.processID }

  enum Place {
    /// The appliance's end of the cable, and the clients'.
    case server, clients
  }

  /// Returns once it takes connections. All its processes end with it: those of a namespace for
  /// process numbers end with the first one.
  init(
    _ command: [String], port: UInt16, at place: Place, _ network: BenchNetwork, pinned: Bool,
    output: String
  ) throws {
    try? FileManager.default.removeItem(atPath: output)
    let leashed = ["unshare", "--pid", "--fork", "--kill-child"] + command
    switch place {
    case .server: process = try network.start(leashed, pinned: pinned, output: output)
    case .clients: process = try network.startBeside(leashed, pinned: pinned, output: output)
    }
    self.port = port
    let process = process
    do {
      try BenchNetwork.wait(for: "a web server that is ready", seconds: 20) {
        guard process.isRunning else { return true }
        let socket = load_connect(process.processID, 0x7f00_0001, port)
        if socket >= 0 { close(socket) }
        return socket >= 0
      }
      guard process.isRunning else { throw LabError("it ended") }
    } catch {
      process.kill()
      throw LabError("\(command[0]) did not start: \(error): \(process.outputText)")
    }
  }

  func stop() { process.kill() }

  deinit { stop() }

  /// nginx with `server`, the inside of its one server block, and files below `folder`.
  static func nginx(
    _ name: String, port: UInt16, at place: Place, workers: Int, root: String, server: String = "",
    http: String = "", work: String, _ network: BenchNetwork, pinned: Bool
  ) throws -> WebServer {
    let home = "\(work)/\(name)"
    try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
    // As root: what it may read does not depend on where the folder is.
    let text = """
      daemon off;
      user root;
      worker_processes \(workers);
      worker_rlimit_nofile 16384;
      pid \(home)/pid;
      error_log \(home)/error.log;
      events { worker_connections 8192; }
      http {
        access_log off;
        sendfile on;
        tcp_nopush on;
        keepalive_requests 1000000000;
        default_type application/octet-stream;
        client_body_temp_path \(home)/body;
        proxy_temp_path \(home)/temp;
        fastcgi_temp_path \(home)/fastcgi;
        scgi_temp_path \(home)/scgi;
        uwsgi_temp_path \(home)/uwsgi;
        \(http)
        server {
          listen \(port) backlog=4096;
          root \(root);
          \(server)
        }
      }
      """
    try Data(text.utf8).write(to: URL(filePath: "\(home)/nginx.conf"))
    return try WebServer(
      ["nginx", "-e", "\(home)/error.log", "-c", "\(home)/nginx.conf"], port: port, at: place,
      network, pinned: pinned, output: "\(home)/output.log")
  }

  /// `nginx 1.22.1`, or its name alone.
  static func nginxVersion(_ work: String) -> String {
    let output = "\(work)/nginx-version.log"
    guard let child = try? ChildProcess.start(["nginx", "-v"], output: output) else {
      return "nginx"
    }
    while child.isRunning { usleep(1000) }
    let version = child.outputText.split(separator: "/").last?.split(whereSeparator: \.isWhitespace)
    return "nginx \(version?.first ?? "")"
  }
}
