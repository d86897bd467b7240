/// ControlAPI: the parameters of `/reimage`, as Sherry's callers send them.

package import Inventory
import Wire

/// `mac_address`, `obm_address`, `location`, `kernel_opts`, and whatever else; from the query, a
/// form, or a JSON object.
package struct ReimageForm: Equatable, Sendable {
  package var fields: [String: String]

  private static let named = ["mac_address", "obm_address", "location", "kernel_opts"]

  package init(fields: [String: String]) {
    self.fields = fields
  }

  package struct Mistakes: Error, Equatable, Sendable {
    /// One sentence each.
    package var sentences: [String]
  }

  /// The request, or everything that is wrong with it. `kernel_opts` may be empty but not absent.
  package func request(
    problemWithBMC: (String) -> String?, problemWithLocation: (String) -> String?
  ) throws(Mistakes) -> ReimageRequest {
    var sentences: [String] = []
    let missing = Self.named.filter { name in
      fields[name].map { $0.isEmpty && name != "kernel_opts" } ?? true
    }
    if !missing.isEmpty {
      let names = missing.joined(separator: ", ")
      sentences.append("missing \(missing.count == 1 ? "parameter" : "parameters"): \(names)")
    }
    func field(_ name: String) -> String { missing.contains(name) ? "" : fields[name] ?? "" }

    let macText = field("mac_address")
    let mac = MACAddress(macText)
    if !macText.isEmpty, mac?.isUnicast != true {
      sentences.append("mac_address «\(macText)» is not a MAC address (12 hexadecimal digits)")
    }
    let obm = field("obm_address")
    if !obm.isEmpty, let problem = problemWithBMC(obm) {
      sentences.append("obm_address: \(problem)")
    }
    let location = field("location")
    if !location.isEmpty, let problem = problemWithLocation(location) { sentences.append(problem) }
    let options = field("kernel_opts")
    // The script is made of commands: what ends one in iPXE would begin one of the caller's.
    if !options.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f }) {
      sentences.append("kernel_opts has a line break or another control character in it")
    } else if let end = options.split(separator: " ").first(where: Self.endsCommand) {
      sentences.append(
        "kernel_opts has «\(end)» as a word, which ends the kernel command in an iPXE script")
    } else if options.utf8.count > 2048 {
      sentences.append("kernel_opts is longer than the 2048 bytes that a kernel takes")
    }
    guard sentences.isEmpty, let mac else { throw Mistakes(sentences: sentences) }
    return ReimageRequest(
      mac: mac, obm: obm, location: location, kernelOptions: options,
      parameters: fields.filter { !Self.named.contains($0.key) })
  }

  /// iPXE's src/core/exec.c: these words end a command, and a comment begins anywhere.
  private static func endsCommand(_ word: Substring) -> Bool {
    ["||", "&&", ";"].contains(word) || word.hasPrefix("#")
  }
}
