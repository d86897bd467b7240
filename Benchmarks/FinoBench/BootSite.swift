/// FinoBench: everything that boots machines: Fino, or dnsmasq, nginx and a Flask script.

import Foundation
import Lab

final class BootSite {
  enum Kind: CaseIterable {
    case fino
    case seeds
  }

  /// Folders and files that both serve.
  struct Files {
    var work: String
    var images: String
    /// `debian/vmlinuz` and `debian/initrd.img` below `images`.
    var location = "debian"
    var kernelOptions = "console=ttyS0"
    var machines: Int
  }

  private var processes: [ChildProcess] = []
  private let network: BenchNetwork
  private let files: Files
  let kind: Kind

  /// Where scripts are asked for; the images are at port 80.
  var scriptPort: UInt16 { kind == .fino ? 80 : 8000 }

  /// Returns once all of it is ready, and each machine has its order to install.
  init(_ kind: Kind, _ network: BenchNetwork, fino: String, _ files: Files) throws {
    self.kind = kind
    self.network = network
    self.files = files
    try? FileManager.default.removeItem(atPath: output)
    do {
      switch kind {
      case .fino: try startFino(fino)
      case .seeds: try startSeeds()
      }
    } catch {
      let said = processes.last?.outputText.suffix(2000) ?? ""
      stop()
      throw LabError("\(kind) did not start: \(error) \(said)")
    }
  }

  func stop() {
    for process in processes {
      if process.isRunning { kill(-process.processID, SIGKILL) }
      process.kill()
    }
    processes = []
  }

  deinit { stop() }

  /// Throws when one of its processes has ended.
  func check() throws {
    for process in processes where !process.isRunning {
      throw LabError(
        "\(process.command.suffix(1)) ended during the storm: \(process.outputText.suffix(2000))")
    }
  }

  /// Seconds of processor time of all of it.
  var processor: Double {
    processes.reduce(0) { $0 + ProcessUse(session: $1.processID).processor }
  }

  /// Bytes: the sum of what each process had at its highest.
  var memory: Double {
    processes.reduce(0) { $0 + ProcessUse(session: $1.processID).highest }
  }

  private var output: String { "\(files.work)/site.log" }

  private func start(_ command: [String], _ isReady: (ChildProcess) -> Bool) throws {
    let process = try network.start(
      kind == .fino ? command : BenchPlace.family + command, pinned: true, output: output)
    processes.append(process)
    try BenchNetwork.wait(for: "\(command[0]) that is ready", seconds: 60) {
      !process.isRunning || isReady(process)
    }
    guard process.isRunning else { throw LabError("\(command[0]) ended: \(process.outputText)") }
  }

  // MARK: Fino

  private func startFino(_ fino: String) throws {
    let state = "\(files.work)/state"
    try? FileManager.default.removeItem(atPath: state)
    let configuration = "\(files.work)/fino.yaml"
    try Data("power: { driver: log }\n".utf8).write(to: URL(filePath: configuration))
    try start([
      fino, "serve", "--interface", "eth0", "--state", state, "--images", files.images,
      "--config", configuration,
    ]) { $0.outputText.contains("is ready") }
    // One curl for all: an order to install for each machine.
    let orders = (1...files.machines).map { number in
      """
      url = "http://127.0.0.1/reimage"
      data = "mac_address=\(BootMachines.mac(number))&obm_address=192.0.2.10"
      data = "location=\(files.location)&kernel_opts=\(files.kernelOptions)"
      output = /dev/null
      """
    }
    let list = "\(files.work)/orders.curl"
    try Data(orders.joined(separator: "\nnext\n").utf8).write(to: URL(filePath: list))
    try curl(["--config", list])
  }

  /// The boot programs of the executable; what the others are to serve, too.
  func loader(_ name: String) throws -> [UInt8] {
    let file = "\(files.work)/tftp/\(name)"
    try FileManager.default.createDirectory(
      atPath: "\(files.work)/tftp", withIntermediateDirectories: true)
    try curl(["http://127.0.0.1/boot/bench/\(name)", "--output", file])
    chmod(file, 0o644)
    return Array(FileManager.default.contents(atPath: file) ?? Data())
  }

  private func curl(_ arguments: [String]) throws {
    let output = "\(files.work)/curl.log"
    let child = try network.start(
      ["curl", "--silent", "--show-error", "--fail"] + arguments, pinned: true, output: output)
    while child.isRunning { usleep(1000) }
    guard child.ended == .status(0) else { throw LabError("curl: \(child.outputText)") }
  }

  // MARK: The others

  private static let python = ProcessInfo.processInfo.environment["FINO_PYTHON"] ?? "python3"
  private static let scripts = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().path

  private func startSeeds() throws {
    try start(
      BootServer.dnsmasq + [
        "--enable-tftp", "--tftp-root=\(files.work)/tftp", "--tftp-max=4096", "--quiet-tftp",
      ]
    ) { BenchPlace.hasPort($0, "udp", 67) && BenchPlace.hasPort($0, "udp", 69) }

    let configuration = "\(files.work)/nginx.conf"
    try Data(nginx.utf8).write(to: URL(filePath: configuration))
    try start(["nginx", "-c", configuration, "-e", "stderr"]) {
      BenchPlace.hasPort($0, "tcp", 80)
    }

    let order = ["location": files.location, "kernel_opts": files.kernelOptions]
    let jobs = Dictionary(
      uniqueKeysWithValues: (1...files.machines).map { (BootMachines.mac($0), order) })
    try JSONEncoder().encode(jobs).write(to: URL(filePath: "\(files.work)/jobs.json"))
    try start([
      "env", "BOOT_JOBS=\(files.work)/jobs.json", "BOOT_ROOT=http://\(BenchNetwork.serverAddress)",
      Self.python, "-m", "gunicorn", "--chdir", Self.scripts, "--bind", "0.0.0.0:8000",
      "--workers", "3", "--backlog", "2048", "--log-level", "warning",
      "--no-control-socket", "boot_peer:app",
    ]) { BenchPlace.hasPort($0, "tcp", 8000) }
    // Its workers have the application only now.
    try curl([
      "--retry", "2", "--retry-all-errors", "--output", "/dev/null",
      "http://127.0.0.1:8000/pxe/02be00000001",
    ])
  }

  private var nginx: String {
    """
    daemon off;
    user root;
    pid \(files.work)/nginx.pid;
    worker_processes 1;
    events { worker_connections 4096; }
    http {
      access_log off;
      sendfile on;
      tcp_nopush on;
      default_type application/octet-stream;
      client_body_temp_path \(files.work)/nginx-body;
      proxy_temp_path \(files.work)/nginx-proxy;
      fastcgi_temp_path \(files.work)/nginx-fastcgi;
      uwsgi_temp_path \(files.work)/nginx-uwsgi;
      scgi_temp_path \(files.work)/nginx-scgi;
      server {
        listen 80 backlog=2048;
        location /images/ { alias \(files.images)/; }
      }
    }

    """
  }
}
