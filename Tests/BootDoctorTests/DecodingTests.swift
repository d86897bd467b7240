/// BootDoctorTests: the small decoders.

import BootDoctor
import Fixtures
import PacketCapture
import Testing
import Wire

@Suite struct DecodingTests {
  @Test func option43AsFirmwareReadsIt() {
    let options = PXEVendorOptions([6, 1, 8, 10, 4, 0, 0x50, 0x58, 0x45, 255])
    #expect(options.usesOfferedFile)
    #expect(options.promptTimeout == 0)
    #expect(!options.isMalformed && !options.isForeign)
    let menu = PXEVendorOptions([
      8, 7, 0x80, 0, 1, 10, 0, 0, 2, 9, 7, 0x80, 0, 4, 70, 105, 110, 111,
    ])
    #expect(menu.servers == [.init(type: 0x8000, addresses: [IPv4Address(10, 0, 0, 2)])])
    #expect(menu.menu == ["Fino"])
    #expect(PXEVendorOptions([6, 9, 1]).isMalformed)
    #expect(PXEVendorOptions([8, 4, 0, 0, 9, 1]).isMalformed)
    #expect(PXEVendorOptions([1, 4, 1, 2, 3, 4, 255]).isForeign)
    #expect(!PXEVendorOptions([255]).isForeign)
  }

  @Test func whatAFileIsByItsFirstBytes() {
    var program = [UInt8](repeating: 0, count: 0x200)
    program.replaceSubrange(0..<2, with: Array("MZ".utf8))
    program[0x3c] = 0x80
    program.replaceSubrange(0x80..<0x86, with: [0x50, 0x45, 0, 0, 0x64, 0x86])
    #expect(FileContent(program[...], isWhole: false) == .program(machine: 0x8664))
    for count in 0..<program.count { _ = FileContent(program[..<count], isWhole: false) }
    // A place of the header beyond the end.
    program.replaceSubrange(0x3c..<0x40, with: [0xff, 0xff, 0xff, 0xff])
    #expect(FileContent(program[...], isWhole: false) == .other)
    #expect(FileContent(Array("<!DOCTYPE html><p>".utf8)[...], isWhole: true) == .page)
    #expect(FileContent([], isWhole: true) == .other)
    #expect(FileContent.fits(machine: 0x8664, architecture: 7) == true)
    #expect(FileContent.fits(machine: 0xaa64, architecture: 7) == false)
    #expect(FileContent.fits(machine: 0x8664, architecture: 0) == false)
    #expect(FileContent.fits(machine: 0x1234, architecture: 7) == nil)
  }

  @Test func whatAScriptFetches() {
    let text = """
      #!ipxe
      dhcp
      set base http://10.0.0.2
      kernel --name linux ${base}/vmlinuz initrd=initrd.img quiet
      initrd ${base}/initrd.img
      chain --replace http://10.0.0.2/next || goto retry
      exit 1
      """
    let script = BootScript(Array(text.utf8)[...], isWhole: true)
    #expect(script.kernel == "${base}/vmlinuz")
    #expect(script.arguments == "initrd=initrd.img quiet")
    #expect(script.initrds == ["${base}/initrd.img"])
    #expect(script.chains == ["http://10.0.0.2/next"])
    #expect(script.leavesNetwork && script.configuresNetwork)
    #expect(!BootScript(Array("#!ipxe\nexit 1\n".utf8)[...], isWhole: true).fetches)
  }

  @Test func textOfOthersDoesNothingToATerminal() {
    #expect(ReceivedText.printable([0x61, 0x1b, 0x5b, 0x33, 0x31, 0x6d]) == "a\u{fffd}[31m")
    #expect(ReceivedText.printable(Array("a\u{202e}b".utf8)) == "a\u{fffd}b")
    #expect(ReceivedText.name([0x61, 0, 0x62]) == "a")
    #expect(ReceivedText.name([0]) == nil)
  }

  @Test func makersOfInterfaces() {
    #expect(HardwareVendor.name(MACAddress(value: 0x5254_0012_3456)) == "QEMU/KVM")
    #expect(HardwareVendor.name(MACAddress(value: 0x0050_5612_3456)) == "VMware")
    #expect(HardwareVendor.name(MACAddress(value: 0x0212_3412_3456)) == "locally administered")
    #expect(HardwareVendor.name(MACAddress(value: 0x0012_3412_3456)) == nil)
  }

  @Test func bytesOfAnyKindAreSwallowed() throws {
    var random = SeededRandom(seed: 11)
    for name in ["fino-uefi", "h1", "v6-pxe", "s1"] {
      let original = try Fixtures.bytes("captures/\(name).pcap")
      for _ in 0..<60 {
        var bytes = original
        for _ in 0..<(1 + Int.random(in: 0..<40, using: &random)) {
          // Not the file's header: that is the reader's matter.
          bytes[Int.random(in: 24..<bytes.count, using: &random)] = UInt8.random(
            in: 0...255, using: &random)
        }
        var reader = CaptureReader(bytes: bytes)
        var explainer = Explainer(isLive: true)
        try? explainer.read(&reader)
        let explanation = Explanation(explainer.finish(), title: name)
        #expect(!explanation.text.isEmpty)
        #expect(explanation.html.hasSuffix("</html>\n"))
      }
    }
  }
}
