/// Appliance: the boot program that a machine's own record names.

import Inventory
import Jinja
import Wire

extension Catalogue {
  /// The parameter `loader`, the machine's own or inherited; nil where there is none, or an empty one.
  nonisolated func loader(of mac: MACAddress, _ uuid: SystemUUID?) -> String? {
    guard let id = snapshot.hostID(of: mac, uuid),
      let text = try? parameters(of: id, .real)["loader"]?.plainText, !text.isEmpty
    else { return nil }
    return text
  }
}
