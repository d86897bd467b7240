/// FinoFuzz: captures as the boot doctor reads them.

import BootDoctor
import PacketCapture

enum ExplainFuzz {
  /// The bytes are a capture file; and also packets one behind another, which a mutated file seldom is:
  /// `length (1) · frame`.
  static func swallow(_ bytes: [UInt8]) {
    var explainer = Explainer(isLive: true)
    var reader = CaptureReader(bytes: bytes)
    try? explainer.read(&reader)
    show(explainer.finish())

    var packets = Explainer()
    var decoder = PacketDecoder()
    var rest = bytes[...]
    var number = 0
    while let length = rest.popFirst() {
      number += 1
      let frame = CapturedFrame(
        number: number, time: UInt64(number) &* 1_300_000_000, bytes: rest.prefix(Int(length) * 4))
      rest = rest.dropFirst(Int(length) * 4)
      guard let packet = try? decoder.decode(frame) else { continue }
      _ = packets.receive(packet)
    }
    show(packets.finish(at: .max))
  }

  private static func show(_ network: NetworkRecord) {
    let explanation = Explanation(network, title: "fuzz")
    precondition(!explanation.text.isEmpty && explanation.html.hasSuffix("</html>\n"), "no report")
    precondition((try? ExplanationDocument(explanation).encoded) != nil, "no JSON")
  }
}
