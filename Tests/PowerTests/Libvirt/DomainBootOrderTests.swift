/// PowerTests: the boot order of a domain is changed, noted and put back in its XML.

import Testing

@testable import Power

struct DomainBootOrderTests {
  private static let plain = """
    <domain type='kvm'>
      <name>pc7</name>
      <os>
        <type arch='x86_64'>hvm</type>
        <boot dev='hd'/>
        <boot dev='cdrom'/>
      </os>
      <devices>
        <interface type='network'><model type='virtio'/></interface>
      </devices>
    </domain>
    """

  private static let perDevice = """
    <domain type='kvm'>
      <name>pc7 &amp; pc8</name>
      <metadata><other:x xmlns:other="urn:other" note="&lt;os&gt;"/></metadata>
      <os firmware='efi'><type>hvm</type></os>
      <!-- <boot order='9'/> -->
      <devices>
        <disk type='file' device='disk'><target dev='vda'/><boot order='1'/></disk>
        <disk type='file' device='cdrom'><target dev='sda'/></disk>
        <interface type='network'><source network='a'/></interface>
        <interface type='network'><source network='b'/><boot order='2'/></interface>
      </devices>
    </domain>
    """

  /// Of each bootable device, and of the operating system.
  private func shape(_ xml: String) throws -> [String] {
    let root = try XMLElement(parsing: Array(xml.utf8))
    let os = root.child("os")?.all("boot").compactMap { $0.attribute("dev") } ?? []
    let devices = root.child("devices")?.children ?? []
    return os
      + devices.map { device in
        "\(device.name) \(device.all("boot").compactMap { $0.attribute("order") })"
      }
  }

  @Test func theNetworkComesFirstAndTheOrderComesBack() throws {
    let order = try DomainBootOrder(Self.plain)
    #expect(!order.isChanged)
    #expect(order.restored() == nil)
    let changed = try order.putting("network", persistent: false)
    #expect(try shape(changed) == ["network", "hd", "cdrom", "interface []"])
    let again = try DomainBootOrder(changed)
    #expect(again.isChanged)
    #expect(again.first == "network")
    // Once more keeps the first note.
    let twice = try DomainBootOrder(try again.putting("cdrom", persistent: false))
    #expect(twice.first == "cdrom")
    let restored = try #require(twice.restored())
    #expect(try shape(restored) == ["hd", "cdrom", "interface []"])
    #expect(!(try DomainBootOrder(restored)).isChanged)
  }

  @Test func ordersOfDevicesAreRenumbered() throws {
    let order = try DomainBootOrder(Self.perDevice)
    #expect(order.first == "hd")
    #expect(order.isEFI)
    let changed = try order.putting("network", persistent: false)
    #expect(
      try shape(changed) == [
        #"disk ["3"]"#, "disk []", #"interface ["2"]"#, #"interface ["1"]"#,
      ])
    #expect(changed.contains(#"<other:x xmlns:other="urn:other" note="&lt;os&gt;"/>"#))
    #expect(changed.contains("pc7 &amp; pc8"))
    let restored = try #require(try DomainBootOrder(changed).restored())
    #expect(try shape(restored) == (try shape(Self.perDevice)))
  }

  @Test func aChangeToStayLeavesNoNote() throws {
    let order = try DomainBootOrder(Self.plain)
    let changed = try DomainBootOrder(try order.putting("network", persistent: true))
    #expect(changed.first == "network")
    #expect(!changed.isChanged)
    let pending = try DomainBootOrder(try order.putting("cdrom", persistent: false))
    #expect(!(try DomainBootOrder(try pending.putting("network", persistent: true))).isChanged)
  }

  @Test func devicesThatCameSinceKeepTheOrderAsItIs() throws {
    let changed = try DomainBootOrder(Self.perDevice).putting("network", persistent: false)
    let more = changed.replacing(
      "</devices>", with: "<disk device='disk'><target dev='vdb'/></disk></devices>")
    let restored = try #require(try DomainBootOrder(more).restored())
    #expect(!(try DomainBootOrder(restored)).isChanged)
    #expect(try DomainBootOrder(restored).first == "network")
  }

  @Test func aNoteThatSomebodyElseWroteChangesNothing() throws {
    let note =
      "<metadata><x:boot-order xmlns:x='urn:fino:boot-order:1' os='&lt;hd' devices='a,b'/></metadata>"
    let xml = Self.plain.replacing("<os>", with: note + "<os>")
    let restored = try #require(try DomainBootOrder(xml).restored())
    #expect(try shape(restored) == (try shape(Self.plain)))
  }

  @Test func whatHasNoSuchDeviceSaysSo() throws {
    let xml = Self.perDevice.replacing("device='cdrom'", with: "device='disk'")
    #expect(throws: DriverError.self) {
      try DomainBootOrder(xml).putting("cdrom", persistent: false)
    }
  }

  @Test func whatIsNoDomainIsAnError() {
    for text in ["", "<domain/>", "<domain><os/></domain>", "<network><os></os></network>", "<a>"] {
      #expect(throws: DriverError.self, "\(text)") { try DomainBootOrder(text) }
    }
  }
}
