/// HTTPBoot: whose configuration GRUB asks for, by the name of the file.

package import Wire

/// GRUB looks for a file of its own machine before the one of all (GRUB manual, "Network"):
/// `grub.cfg-<UUID>`, `grub.cfg-01-<MAC>`, `grub.cfg-<address as hexadecimal digits>`, shortened
/// digit by digit, `grub.cfg`. Debian's signed image asks only for `/grub/grub.cfg`, after four lists
/// of modules that nobody needs (`/grub/x86_64-efi/command.lst`, `fs.lst`, `crypto.lst`,
/// `terminal.lst`).
package enum GRUBRequest: Equatable, Sendable {
  /// Of the machine with this address.
  case script(MACAddress)
  /// Of whoever asks.
  case scriptOfAsker
  /// The first of the lists: `grub.cfg` is next.
  case moduleList

  /// `path` is a cleaned name, relative. nil is not GRUB's, or a name under which there is nothing.
  package init?(_ path: String) {
    let parts = path.split(separator: "/")
    guard let name = parts.last else { return nil }
    if name == "grub.cfg" {
      self = .scriptOfAsker
    } else if name == "command.lst", parts.first == "grub" {
      self = .moduleList
    } else if name.hasPrefix("grub.cfg-") {
      var text = name.dropFirst("grub.cfg-".count)
      // The hardware type of Ethernet.
      if text.hasPrefix("01-") { text = text.dropFirst(3) }
      guard let mac = MACAddress(text), mac.isUnicast else { return nil }
      self = .script(mac)
    } else if parts.count == 2, parts.first == "grub", let mac = MACAddress(name), mac.isUnicast {
      self = .script(mac)
    } else {
      return nil
    }
  }
}
