/// Tests of HTTPBoot: the text of the scripts.

import Testing
import Wire

@testable import HTTPBoot

@Suite struct IPXEScriptTests {
  @Test func everyScriptRepeatsDHCPAndSaysWhatItWasTold() {
    let plan = InstallPlan(root: "http://10.0.0.2", location: "debian", kernelOptions: "")
    for script in [IPXEScript.localDisk, .chain(root: "http://10.0.0.2"), .install(plan)] {
      #expect(
        script.text.hasPrefix(
          "#!ipxe\n:retry_dhcp\ndhcp || goto retry_dhcp\necho ${filename}\necho ${syslog}\n"))
    }
  }

  @Test func localDiskLeavesUEFIWithAFailureSoThatTheFirmwareGoesOn() {
    let lines = IPXEScript.localDisk.text.split(separator: "\n")
    #expect(lines.contains("sanboot --no-describe --drive 0x80 ||"))
    #expect(lines.suffix(2) == [":uefi", "exit 1"])
  }

  @Test func chainGoesByTheInterfaceThatBooted() {
    #expect(
      IPXEScript.chain(root: "http://10.0.0.2:8080").text
        .hasSuffix("chain http://10.0.0.2:8080/pxe/${netX/mac:hex}\n"))
  }

  @Test func aKnownMachineIsSentToItsOwnScript() {
    #expect(
      IPXEScript.chain(root: "http://10.0.0.2", mac: MACAddress(value: 0x5254_00aa_0001)).text
        .hasSuffix("chain http://10.0.0.2/pxe/525400aa0001\n"))
  }

  @Test func installFetchesKernelAndInitrd() {
    let plan = InstallPlan(
      root: "http://10.0.0.2", location: "debian/12 bookworm",
      kernelOptions: "auto=true console=ttyS0")
    #expect(
      IPXEScript.install(plan).text.hasSuffix(
        """
        kernel http://10.0.0.2/images/debian/12%20bookworm/vmlinuz auto=true console=ttyS0 initrd=initrd.img
        initrd http://10.0.0.2/images/debian/12%20bookworm/initrd.img
        boot

        """))
  }

  @Test(arguments: [
    ("", "initrd=initrd.img"),
    ("quiet", "quiet initrd=initrd.img"),
    ("quiet --- console=ttyS0", "quiet initrd=initrd.img --- console=ttyS0"),
    ("a -- b", "a initrd=initrd.img -- b"),
    ("initrd=own.img quiet", "initrd=own.img quiet"),
  ])
  func theInitrdIsNamedForUEFIKernels(_ options: String, _ arguments: String) {
    let plan = InstallPlan(root: "", location: "x", kernelOptions: options)
    #expect(plan.kernelArguments == arguments)
  }
}

@Suite struct ServerRootTests {
  @Test(arguments: [
    ("10.0.0.2", "http://10.0.0.2"), ("10.0.0.2:80", "http://10.0.0.2"),
    ("fino.example:8080", "http://fino.example:8080"), ("[::1]:8080", "http://[::1]:8080"),
  ])
  func itIsWhatTheClientCalledUs(_ host: String, _ url: String) {
    #expect(
      ServerRoot(hostHeader: host, local: IPAddress.v4(IPv4Address(10, 9, 9, 9)), port: 80).url
        == url)
  }

  @Test(arguments: [nil, "", "a b", "a\nb", "a/b", "user@host", String(repeating: "a", count: 300)])
  func whatCouldBeAScriptIsNotTaken(_ host: String?) {
    let root = ServerRoot(
      hostHeader: host, local: IPAddress.v4(IPv4Address(10, 9, 9, 9)), port: 8080)
    #expect(root.url == "http://10.9.9.9:8080")
  }
}
