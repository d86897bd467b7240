/// fino: `capture`, the frames of boots into a file, and their story meanwhile.

import Appliance
import ArgumentParser
import Datagram
import Foundation
import PacketCapture
import UnixSignals

struct Capture: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Capture what machines say and hear while they boot.",
    discussion: """
      Writes pcapng, for «fino explain», Wireshark and tshark. Needs root or CAP_NET_RAW. Ctrl-C ends
      it. Without --mac it keeps DHCP, TFTP (also its transfers, on any port), HTTP (80, 443, 8080),
      names, ARP and ICMP's errors.
      """)

  @OptionGroup var listening: ListeningOptions

  @Option(
    name: [.customShort("w"), .long],
    help: ArgumentHelp("The file; - is standard output.", valueName: "file"))
  var write: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Begin another file (name.1.pcapng …) when one has this size.", valueName: "100MB"))
  var rotate: ByteSize?

  @Option(
    name: .long, help: ArgumentHelp("With --rotate: keep this many files.", valueName: "n"))
  var files: Int?

  @Option(name: .long, help: ArgumentHelp("End after so many seconds.", valueName: "n"))
  var seconds: Int?

  @Flag(name: .long, help: "Tell no story, only capture.")
  var quiet = false

  func validate() throws {
    guard write != nil || !quiet else {
      throw ValidationError("with --quiet and without -w nothing would be done")
    }
    guard rotate == nil || (write != nil && write != "-") else {
      throw ValidationError("--rotate needs -w with a file")
    }
    if let rotate, rotate.bytes < 1 << 16 {
      throw ValidationError("--rotate must be 64KiB or more")
    }
    guard files == nil || (rotate != nil && files ?? 0 > 0) else {
      throw ValidationError("--files needs --rotate, and must be 1 or more")
    }
    if let seconds, !(1...31_536_000).contains(seconds) {
      throw ValidationError("--seconds must be 1 to 31536000")
    }
  }

  func run() async throws {
    let interfaces = try listening.interfaces()
    let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
    // Whoever reads our output may go; writing says so then.
    signal(SIGPIPE, SIG_IGN)
    let writer = try write.map { path in
      try PcapngWriter(
        path: path,
        interfaces: interfaces.map {
          CaptureInterface(name: $0.name, snapLength: listening.snaplen)
        }, application: "fino \(Appliance.version)", limit: rotate?.bytes, keptFiles: files)
    }
    // The frames may be on standard output.
    let stream = write == "-" ? StandardStream.error : StandardStream.output
    let (ends, end) = AsyncStream.makeStream(of: Void.self)
    let story = CaptureStory()
    let session = CaptureSession(
      loop: try DatagramLoop(name: "capture"), writer: writer, flushesAtOnce: write == "-",
      narrate: { [quiet] in quiet ? [] : story.lines(for: $0) },
      tell: { line in
        if !stream.write(line + "\n") { end.finish() }
      })
    try await session.start(
      interfaces, filter: listening.filter, isPromiscuous: !listening.isModest,
      ended: { end.finish() })
    Fino.complain(
      "Capturing on \(interfaces.map(\.name).joined(separator: ", ")); Ctrl-C ends it.")
    await wait(for: signals, or: ends)
    let result = try await session.finish()
    if !quiet { for line in story.ending { _ = stream.write(line + "\n") } }
    Fino.complain("\(result.frames) frames, \(result.lost) lost for want of room.")
  }

  /// A signal, a file that can't be written any more, or the time that was asked for.
  private func wait(for signals: UnixSignalsSequence, or ends: AsyncStream<Void>) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { for await _ in signals { return } }
      group.addTask { for await _ in ends {} }
      if let seconds { group.addTask { try? await Task.sleep(for: .seconds(seconds)) } }
      await group.next()
      group.cancelAll()
    }
  }
}
