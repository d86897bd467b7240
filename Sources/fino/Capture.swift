/// fino: `capture`, the frames of boots into a file, and their story meanwhile.

import Appliance
import ArgumentParser
import BootDoctor
import Datagram
import PacketCapture

struct Capture: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Capture what machines say and hear while they boot.",
    discussion: """
      Writes pcapng, for «fino explain», Wireshark and tshark. Needs root or CAP_NET_RAW. Ctrl-C ends
      it. Without --mac it keeps DHCP, TFTP (also its transfers, on any port), HTTP (80, 443, 8080),
      names, ARP and ICMP's errors.
      """)

  @OptionGroup var options: ListeningOptions

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
  }

  func run() async throws {
    let listening = try await Listening(options)
    let writer = try write.map { path in
      try PcapngWriter(
        path: path,
        interfaces: listening.interfaces.map {
          CaptureInterface(name: $0.name, snapLength: options.snaplen)
        }, application: "fino \(Appliance.version)", limit: rotate?.bytes, keptFiles: files)
    }
    // The frames may be on standard output.
    let stream = write == "-" ? StandardStream.error : StandardStream.output
    let story = quiet ? nil : CaptureStory()
    let result = try await listening.run(
      writer: writer, flushesAtOnce: write == "-", story: story, on: stream)
    guard let story else { return }
    let explanation = story.explanation(
      title: listening.names, lost: result.lost, at: Listening.now)
    stream.write("\n\(explanation.text)")
  }
}
