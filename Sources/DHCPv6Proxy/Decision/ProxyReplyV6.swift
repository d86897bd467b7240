/// DHCPv6Proxy: an answer of ours. It has no place for an address to give away.

package import Wire

/// What Fino sends: an ADVERTISE or a REPLY that names a boot file.
package struct ProxyReplyV6: Equatable, Sendable {
  package var type: DHCPv6MessageType
  /// The question; transaction, client identifier and relays are echoed.
  var question: RelayedMessage
  package var server: DUID
  /// `PXEClient` or `HTTPClient`. EDK2 takes an ADVERTISE without option 16 as one of an address
  /// giver, and waits for good when there is no address in it.
  package var vendorClass: String
  package var url: String
  /// Those who asked us for an address by name are told that we have none.
  var refused: [UInt32] = []
  package var destination: Endpoint

  /// The message, options in a fixed order, inside of what the relays need.
  ///
  /// Never option 3 in an ADVERTISE, not even as a refusal (which RFC 8415 §18.3.9 wants of a server
  /// that gives addresses): EDK2 reads one byte of the status, the 0 before the code, and would take
  /// us for the address giver.
  package var message: RelayedMessage {
    get throws(WireError) {
      var options: [DHCPv6Option] = []
      if let client = question.message.options.first(.clientIdentifier) {
        options.append(DHCPv6Option(.clientIdentifier, client))
      }
      options.append(DHCPv6Option(.serverIdentifier, server.bytes))
      // Before option 16: EDK2's HTTP Boot reads the URL up to a NUL, which is the first byte behind.
      options.append(DHCPv6Option(.bootFileURL, Array(url.utf8)))
      var writer = ByteWriter(capacity: 16)
      try VendorClassV6(texts: [Array(vendorClass.utf8)]).encode(into: &writer)
      options.append(DHCPv6Option(.vendorClass, writer.bytes))
      options += refused.map(IdentityAssociation.noAddress(for:))
      return RelayedMessage(
        hops: question.hops.map(Self.echo),
        message: DHCPv6Message(
          type: type, transaction: question.message.transaction, options: options))
    }
  }

  /// Relays need their interface identifier back (RFC 8415 §19.3), and their wish for a port
  /// (RFC 8357 §5.4).
  private static func echo(_ hop: RelayHop) -> RelayHop {
    var hop = hop
    hop.options.removeAll { ![.interfaceIdentifier, .relaySourcePort].contains($0.code) }
    return hop
  }
}
