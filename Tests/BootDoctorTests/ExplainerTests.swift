/// BootDoctorTests: from packets to boots, transfers and requests.

import BootDoctor
import DHCPProxy
import PacketCapture
import Testing
import Wire

@Suite struct ExplainerTests {
  @Test func aBootIsOneStory() throws {
    var frames = FrameBuilder()
    frames.leased()
    frames.fetch("snponly.efi", [UInt8](repeating: 7, count: 100_000))
    let network = frames.finish(after: 2)
    let client = try #require(network.clients.first)
    #expect(network.clients.count == 1)
    #expect(client.mac == FrameBuilder.client)
    #expect(client.family == .uefi)
    #expect(client.kind == "UEFI x64")
    #expect(client.vendor == "QEMU/KVM")
    let boot = try #require(client.boots.first)
    #expect(boot.exchanges.first?.offers.count == 2)
    #expect(boot.exchanges.first?.proxyOffers.first?.fileName == "snponly.efi")
    #expect(boot.exchanges.first?.leased == .v4(FrameBuilder.clientAddress))
    let transfer = try #require(boot.transfers.first)
    #expect(transfer.outcome == .whole)
    #expect(transfer.bytes == 100_000)
    #expect(transfer.dataPackets == 196)
    #expect(boot.verdicts().map(\.code) == [.underWay])
    #expect(frames.events.map(\.text).contains { $0.hasPrefix("DISCOVER by the firmware's PXE") })
    #expect(frames.events.last?.text.contains("whole, 100 kB") == true)
  }

  @Test func retriesAreOneQuestionAndARebootIsANewBoot() {
    var frames = FrameBuilder()
    for pause in [0.0, 4, 8] {
      frames.wait(pause)
      frames.dhcp(1, transaction: 5)
    }
    // Firmware that takes a new transaction for each try.
    frames.wait(10)
    frames.dhcp(1, transaction: 6)
    frames.wait(300)
    frames.leased(transaction: 7)
    frames.fetch("snponly.efi", [UInt8](repeating: 7, count: 40_000))
    frames.wait(1)
    frames.dhcp(1, transaction: 8, options: FrameBuilder.ipxe)
    let boots = frames.finish().clients[0].boots
    #expect(boots.count == 2)
    #expect(boots[0].exchanges.map { $0.questions?.count } == [4])
    #expect(boots[1].exchanges.map(\.asker) == [.pxe, .ipxe])
    #expect(boots[1].predecessor != nil)
    #expect(boots[0].successor == boots[1].begin)
    #expect(boots[1].family == .uefi)
  }

  @Test func blocksThatAreSentAgainAreCounted() {
    var frames = FrameBuilder()
    frames.leased()
    frames.ask(for: "big", options: "blksize\0001024\0tsize\0000\0")
    frames.tftp(.server, [0, 6] + Array("blksize\01024\0tsize\04096\0".utf8))
    frames.tftp(.client, [0, 4, 0, 0])
    for _ in 0..<5 {
      frames.tftp(.server, [0, 3, 0, 1] + [UInt8](repeating: 1, count: 1024))
      frames.wait(1)
    }
    let network = frames.finish()
    let transfer = network.clients[0].boots[0].transfers[0]
    #expect(transfer.size == 4096)
    #expect(transfer.blockSize == 1024)
    #expect(transfer.repeated == 4)
    #expect(transfer.sentBlock == 1)
    #expect(transfer.acknowledgedBlock == 0)
    #expect(network.clients[0].boots[0].failures == [.tftpMTU])
  }

  @Test func blockNumbersBeginAgain() {
    var frames = FrameBuilder()
    frames.leased()
    frames.ask(for: "big")
    // Only some of them, as in a capture with losses.
    for number in stride(from: 1, through: 140_000, by: 997) {
      let block: [UInt8] = [
        UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number),
      ]
      frames.tftp(.server, [0, 3] + block + [UInt8](repeating: 1, count: 512))
    }
    #expect(frames.finish().clients[0].boots[0].transfers[0].sentBlock == 139_581)
  }

  @Test func requestsByHTTPAreReadOutOfSegments() throws {
    var frames = FrameBuilder()
    frames.leased("http://10.0.0.2/a", options: FrameBuilder.ipxe)
    let question = Array("GET /a HTTP/1.1\r\nHost: 10.0.0.2\r\nUser-Agent: iPXE/1.21\r\n\r\n".utf8)
    let body = Array("#!ipxe\nkernel vmlinuz quiet\ninitrd initrd.img\nboot\n".utf8)
    let head = Array("HTTP/1.1 200 OK\r\ncontent-length: \(body.count)\r\n\r\n".utf8)
    frames.tcp(.client, 2000, 80, sequence: 100, flags: 2)
    frames.tcp(.server, 80, 2000, sequence: 500, acknowledgment: 101, flags: 18)
    // The head in two pieces, the answer's as well.
    frames.tcp(
      .client, 2000, 80, sequence: 101, acknowledgment: 501, flags: 24, Array(question.prefix(20)))
    frames.tcp(
      .client, 2000, 80, sequence: 121, acknowledgment: 501, flags: 24,
      Array(question.dropFirst(20)))
    let acknowledged = 101 + UInt32(question.count)
    frames.tcp(
      .server, 80, 2000, sequence: 501, acknowledgment: acknowledged, flags: 24,
      Array(head.prefix(9)))
    frames.tcp(
      .server, 80, 2000, sequence: 510, acknowledgment: acknowledged, flags: 24,
      Array(head.dropFirst(9)) + body)
    let boot = frames.finish(after: 1).clients[0].boots[0]
    let request = try #require(boot.requests.first)
    #expect(request.url == "http://10.0.0.2/a")
    #expect(request.agent == "iPXE/1.21")
    #expect(request.status == 200)
    #expect(request.bytes == body.count)
    #expect(request.ending == .whole)
    #expect(boot.connections.isEmpty)
    #expect(
      request.content
        == .script(BootScript(kernel: "vmlinuz", arguments: "quiet", initrds: ["initrd.img"])))
  }

  @Test func aRefusedConnectionIsAStep() {
    var frames = FrameBuilder()
    frames.leased("http://10.0.0.2/a", options: FrameBuilder.ipxe)
    frames.tcp(.client, 2000, 80, sequence: 100, flags: 2)
    frames.tcp(.server, 80, 2000, sequence: 0, acknowledgment: 101, flags: 20)
    #expect(frames.finish().clients[0].boots[0].failures == [.httpRefused])
  }

  @Test func tlsShowsItsNameAndItsAlert() throws {
    var frames = FrameBuilder()
    frames.leased("https://boot.lan/a", options: FrameBuilder.ipxe)
    let name = Array("boot.lan".utf8)
    let list: [UInt8] = [0, UInt8(name.count + 3), 0, 0, UInt8(name.count)] + name
    let extensions: [UInt8] = [0, 0, 0, UInt8(list.count)] + list
    let hello: [UInt8] =
      [3, 3] + [UInt8](repeating: 9, count: 32) + [
        0, 0, 2, 0, 0x2f, 1, 0, 0, UInt8(extensions.count),
      ]
      + extensions
    let record: [UInt8] =
      [22, 3, 1, 0, UInt8(hello.count + 4), 1, 0, 0, UInt8(hello.count)] + hello
    frames.tcp(.client, 2000, 443, sequence: 1, flags: 2)
    frames.tcp(.server, 443, 2000, sequence: 1, acknowledgment: 2, flags: 18)
    frames.tcp(.client, 2000, 443, sequence: 2, acknowledgment: 2, flags: 24, record)
    frames.tcp(.server, 443, 2000, sequence: 2, flags: 24, [22, 3, 3, 0, 1, 2])
    frames.tcp(.client, 2000, 443, sequence: 400, flags: 24, [21, 3, 3, 0, 2, 2, 48])
    let boot = frames.finish().clients[0].boots[0]
    let tls = try #require(boot.connections.first?.tls)
    #expect(tls.serverName == "boot.lan")
    #expect(tls.alert?.code == 48)
    #expect(boot.failures == [.tlsFailed])
  }

  @Test func arpWithoutAnAnswerIsSeen() {
    var frames = FrameBuilder()
    frames.leased()
    for _ in 0..<4 {
      frames.arp(1, .client, sender: FrameBuilder.clientAddress, target: FrameBuilder.serverAddress)
      frames.wait(1)
    }
    #expect(frames.finish().clients[0].boots[0].failures == [.tftpBlocked])
    frames.arp(2, .server, sender: FrameBuilder.serverAddress, target: FrameBuilder.clientAddress)
    #expect(!frames.finish(after: 10).clients[0].boots[0].failures.contains(.tftpBlocked))
  }

  @Test func whoeverDoesNotBootIsNoMatter() {
    var frames = FrameBuilder()
    frames.dhcp(1, options: [60, 8] + Array("MSFT 5.0".utf8))
    frames.tcp(.client, 2000, 80, sequence: 1, flags: 2)
    frames.arp(1, .client, sender: FrameBuilder.clientAddress, target: FrameBuilder.serverAddress)
    #expect(frames.finish().clients.isEmpty)
  }

  @Test func hostileCapturesStayBounded() {
    var explainer = Explainer()
    var decoder = PacketDecoder()
    for number in 0..<6000 {
      var frames = ByteWriter()
      let mac = MACAddress(value: 0x0200_0000_0000 | UInt64(number))
      frames.write(MACAddress.broadcast.bytes)
      frames.write(mac.bytes)
      frames.write([0x08, 0, 0x45, 0])
      frames.write(UInt16(20 + 8 + 14))
      frames.write([0, 0, 0, 0, 64, 17, 0, 0])
      frames.write(UInt32(0x0b00_0000 + UInt32(number)))
      frames.write(UInt32(0x0a00_0002))
      frames.write([8, 22, 0, 69, 0, 22, 0, 0])
      frames.write([0, 1] + Array("a\0octet\0xyz".utf8))
      let frame = CapturedFrame(
        number: number + 1, time: UInt64(number) * 1000, bytes: frames.bytes[...])
      guard let packet = try? decoder.decode(frame) else { continue }
      _ = explainer.receive(packet)
    }
    let network = explainer.finish()
    #expect(network.clients.count == Explainer.mostClientsForTest)
    #expect(network.omitted["packets of more machines"] == 6000 - Explainer.mostClientsForTest)
    #expect(
      Explanation(network, title: "many").remarks.contains { $0.contains("machines were left out") }
    )
  }

  @Test func aLongBootKeepsItsBeginAndItsEnd() {
    var frames = FrameBuilder()
    frames.leased()
    for number in 0..<400 {
      frames.fetch("file\(number)", [1, 2, 3], port: UInt16(3000 + number))
    }
    let boot = frames.finish(after: 1).clients[0].boots[0]
    #expect(boot.steps.count == 192)
    #expect(boot.omittedSteps == 401 - 192)
    #expect(boot.transfers.first?.file == "file0")
    #expect(boot.transfers.last?.file == "file399")
  }
}

extension Explainer {
  fileprivate static var mostClientsForTest: Int { 4096 }
}
