/// Tests of HTTPBoot: configurations of GRUB.

import Testing
import Wire

@testable import HTTPBoot

@Suite struct GRUBScriptTests {
  private let mac = MACAddress(value: 0x5254_00aa_0001)
  private let server = IPAddress.v4(IPv4Address(10, 0, 0, 2))

  private func text(
    _ decision: IPXEScript, root: String = "http://10.0.0.2",
    transport: GRUBScript.Transport = .tftp
  ) -> String {
    GRUBScript(decision, root: root, server: server, transport: transport).text
  }

  private func install(_ options: String, location: String = "debian") -> IPXEScript {
    .install(InstallPlan(root: "http://10.0.0.2", location: location, kernelOptions: options))
  }

  @Test func installationByTFTP() {
    #expect(
      text(install("auto=true console=ttyS0 ---", location: "debian/12 bookworm"))
        == """
        # Fino's answer for GRUB
        echo 'Fino: installing debian/12 bookworm'
        set fino_kernel='(tftp,10.0.0.2)/images/debian/12 bookworm/vmlinuz'
        set fino_initrd='(tftp,10.0.0.2)/images/debian/12 bookworm/initrd.img'
        if linux "$fino_kernel" 'auto=true' 'console=ttyS0' '---'; then
          if initrd "$fino_initrd"; then
            boot
          fi
        fi
        echo 'Fino: kernel or initrd could not be loaded; starting anew in 30 seconds'
        sleep 30
        reboot

        """)
  }

  @Test func installationByHTTP() {
    let script = text(install("", location: "debian/12 bookworm"), transport: .http)
    #expect(!script.contains("tftp"))
    #expect(
      script.contains("set fino_kernel='(http,10.0.0.2)/images/debian/12%20bookworm/vmlinuz'\n"))
    #expect(script.contains("if linux \"$fino_kernel\"; then\n"))
  }

  @Test func onAnotherPortThereIsOnlyTFTP() {
    let script = text(install(""), root: "http://10.0.0.2:8080", transport: .http)
    #expect(!script.contains("http"))
    #expect(script.contains("(tftp,10.0.0.2)/images/debian/vmlinuz"))
  }

  @Test func optionsAreWordsAndNothingElse() {
    let script = text(install("a=\"b c\" $x;reboot 'q' \n}"))
    #expect(
      script.contains(
        """
        if linux "$fino_kernel" 'a=b c' '$x;reboot' ''\\''q'\\''' '}'; then
        """))
  }

  /// What Debian's signed GRUB and kernel made of it, in QEMU with Secure Boot: see `text` of
  /// `localDisk` for the paths, and for `root`.
  @Test func theLocalDiskIsTheRootOfWhatIsStarted() {
    let script = text(.localDisk)
    #expect(
      script.contains(
        """
        if search --no-floppy --file --set=root "$fino_file"; then
            if chainloader "$fino_file"; then
              boot
        """))
    #expect(script.hasSuffix("sleep 5\nexit\n"))
    let files = script.split(separator: "\n").first { $0.hasPrefix("for fino_file in ") } ?? ""
    #expect(files.contains("in /EFI/debian/shim${fino_cpu}.efi "))
    #expect(files.hasSuffix("/EFI/Microsoft/Boot/bootmgfw.efi /EFI/BOOT/BOOT${fino_cpu}.EFI; do"))
  }

  @Test func aStoredScriptIsNotRunAndThatIsSaid() {
    let script = text(.stored("#!ipxe\nrm -rf\n"))
    #expect(!script.contains("rm -rf"))
    #expect(
      script.contains(
        "echo 'Fino: the stored script of this machine is for iPXE and cannot run in GRUB'\n"))
    #expect(script.hasSuffix("exit\n"), "it goes to its disk")
  }

  @Test func registrationNeedsHTTP() {
    #expect(
      text(.register(root: "http://10.0.0.2"), transport: .http).hasPrefix(
        """
        # Fino's answer for GRUB
        smbios --type 1 --get-uuid 8 --set fino_uuid
        echo "Fino: registering this machine as $fino_uuid"
        cat "(http,10.0.0.2)/ipxe/register/$fino_uuid"
        echo 'Fino: booting the local disk'

        """))
    #expect(
      text(.register(root: "http://10.0.0.2")).contains(
        "echo 'Fino: GRUB without its http module cannot register this machine'\n"))
  }

  @Test func whoIsNotKnownSaysItsAddress() {
    #expect(
      text(.chain(root: "http://10.0.0.2"))
        == """
        # Fino's answer for GRUB
        configfile "(tftp,10.0.0.2)/grub/grub.cfg-$net_default_mac"

        """)
    #expect(
      text(.chain(root: "http://10.0.0.2", mac: mac), transport: .http)
        .hasSuffix("configfile \"(http,10.0.0.2)/grub/grub.cfg-01-52-54-00-aa-00-01\"\n"))
  }

  @Test func whileNothingIsKnownItWaits() {
    #expect(
      GRUBScript.wait(mac, at: server).hasSuffix(
        "sleep 1\nconfigfile '(tftp,10.0.0.2)/grub/grub.cfg-01-52-54-00-aa-00-01'\n"))
    #expect(
      GRUBScript.refusal("the disk's full\nreboot", mac, at: server)
        .hasPrefix("echo 'Fino: the disk'\\''s full reboot'\nsleep 5\nconfigfile "))
  }
}

@Suite struct GRUBWordTests {
  @Test(arguments: [
    ("", []), ("  ", []), ("a", ["a"]), (" a  b\t", ["a", "b"]), ("a=\"b c\" d", ["a=b c", "d"]),
    ("\"a=b c\"", ["a=b c"]), ("a=\"\"", ["a="]), ("\"\"", [""]), ("a=\"b c", ["a=b c"]),
    ("a\\x20b", ["a\\x20b"]), ("a\r\nb", ["a", "b"]),
  ])
  func parametersAreWhatTheKernelWouldRead(_ options: String, _ words: [String]) {
    #expect(GRUBWord.kernelWords(options) == words)
  }

  @Test func nothingLeavesTheQuotes() {
    #expect(GRUBWord.quoted("") == "''")
    #expect(GRUBWord.quoted("a'; reboot; '") == "'a'\\''; reboot; '\\'''")
    #expect(GRUBWord.quoted("a\nb\u{7f}c") == "'a b c'")
    // As a character, a quote with a combining accent behind it is no quote.
    #expect(GRUBWord.quoted("'\u{301}") == "''\\''\u{301}'")
  }
}

@Suite struct GRUBRequestTests {
  private static let mac = MACAddress(value: 0x5254_00aa_0001)

  /// What Debian 12's signed image asked for, in this order, and what others ask for.
  @Test(arguments: [
    ("grub/x86_64-efi/command.lst", GRUBRequest.moduleList),
    ("grub/x86_64-efi/fs.lst", nil), ("grub/x86_64-efi/crypto.lst", nil),
    ("grub/x86_64-efi/terminal.lst", nil),
    ("grub/grub.cfg", .scriptOfAsker),
    ("grub/x86_64-efi/http.mod", nil),
    ("grub/grub.cfg-01-52-54-00-aa-00-01", .script(mac)),
    ("grub/grub.cfg-52:54:00:aa:00:01", .script(mac)),
    ("grub.cfg-01-52-54-00-aa-00-01", .script(mac)),
    ("grub/525400aa0001", .script(mac)),
    ("boot/grub/grub.cfg", .scriptOfAsker), ("grub.cfg", .scriptOfAsker),
    ("grub/grub.cfg-0A4E0046", nil), ("grub.cfg-7726a678-7fc0-4853-a4f6-c85ac36a120a", nil),
    ("grub/grub.cfg-01-ff-ff-ff-ff-ff-ff", nil), ("grub/grub.cfg-", nil),
    ("images/525400aa0001", nil), ("images/command.lst", nil), ("", nil),
  ])
  func namesThatGRUBAsksFor(_ path: String, _ request: GRUBRequest?) {
    #expect(GRUBRequest(path) == request)
  }
}
