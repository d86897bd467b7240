/// Appliance: lines for somebody's DHCP server, for firmware that merges no proxy offers.

import DHCPProxy
package import Wire

/// What the DHCP server must say itself where firmware does not hear a second server: by platform, and
/// iPXE, once it runs, gets the address of its script.
package struct DHCPSnippet: Sendable {
  package enum Server: String, CaseIterable, Sendable {
    case dnsmasq
    case dhcpd
    case kea
    case mikrotik
    case openwrt
    case windows
  }

  var address: IPv4Address
  /// `http://10.0.0.2`
  var root: String
  var bios: String
  var uefi: String

  package init(address: IPv4Address, httpPort: Int, rules: LoaderRules) {
    self.address = address
    root = "http://\(address)" + (httpPort == 80 ? "" : ":\(httpPort)")
    bios = rules.file(of: .bios)?.text ?? LoaderName.undionly.text
    uefi = rules.file(of: .uefiX64)?.text ?? LoaderName.snponly.text
  }

  private var script: String { "\(root)/pxe/chain.pxe" }

  package func text(for server: Server) -> String {
    switch server {
    case .dnsmasq:
      """
      # dnsmasq.conf, where dnsmasq gives the addresses
      dhcp-match=set:ipxe,175
      dhcp-match=set:efi,option:client-arch,7
      dhcp-match=set:efi,option:client-arch,9
      dhcp-boot=tag:!ipxe,tag:!efi,\(bios),,\(address)
      dhcp-boot=tag:!ipxe,tag:efi,\(uefi),,\(address)
      dhcp-boot=tag:ipxe,\(script)
      """
    case .dhcpd:
      """
      # dhcpd.conf (ISC DHCP), before the subnets
      option arch code 93 = unsigned integer 16;
      next-server \(address);
      if exists user-class and option user-class = "iPXE" {
        filename "\(script)";
      } elsif option arch = 00:07 or option arch = 00:09 {
        filename "\(uefi)";
      } else {
        filename "\(bios)";
      }
      """
    case .kea:
      """
      # kea-dhcp4.conf, in "Dhcp4"
      "client-classes": [
        { "name": "ipxe", "test": "substring(option[77].hex,0,4) == 'iPXE'",
          "boot-file-name": "\(script)" },
        { "name": "efi", "test": "(option[93].hex == 0x0007 or option[93].hex == 0x0009) and not member('ipxe')",
          "next-server": "\(address)", "boot-file-name": "\(uefi)" },
        { "name": "bios", "test": "option[93].hex == 0x0000 and not member('ipxe')",
          "next-server": "\(address)", "boot-file-name": "\(bios)" }
      ]
      """
    case .mikrotik:
      """
      # RouterOS 7; NETWORK is yours, as /ip dhcp-server network print shows it
      /ip dhcp-server option
      add name=fino-bios code=67 value="s'\(bios)'"
      add name=fino-uefi code=67 value="s'\(uefi)'"
      add name=fino-ipxe code=67 value="s'\(script)'"
      /ip dhcp-server option sets
      add name=fino-bios options=fino-bios
      add name=fino-uefi options=fino-uefi
      add name=fino-ipxe options=fino-ipxe
      /ip dhcp-server matcher
      add name=fino-ipxe code=77 value="iPXE" server=all address-pool=static-only option-set=fino-ipxe
      add name=fino-uefi code=93 value=0x0007 server=all address-pool=static-only option-set=fino-uefi
      /ip dhcp-server network set [find address=NETWORK] next-server=\(address) boot-file-name=\(bios)
      """
    case .openwrt:
      """
      # OpenWrt, on the router
      uci add_list dhcp.@dnsmasq[0].dhcp_match='set:ipxe,175'
      uci add_list dhcp.@dnsmasq[0].dhcp_match='set:efi,option:client-arch,7'
      uci add_list dhcp.@dnsmasq[0].dhcp_match='set:efi,option:client-arch,9'
      uci add_list dhcp.@dnsmasq[0].dhcp_boot='tag:!ipxe,tag:!efi,\(bios),,\(address)'
      uci add_list dhcp.@dnsmasq[0].dhcp_boot='tag:!ipxe,tag:efi,\(uefi),,\(address)'
      uci add_list dhcp.@dnsmasq[0].dhcp_boot='tag:ipxe,\(script)'
      uci commit dhcp && service dnsmasq restart
      """
    case .windows:
      """
      # PowerShell on the Windows DHCP server; SCOPE is yours, like 10.0.0.0
      Add-DhcpServerv4Class -Name "UEFI x64" -Type Vendor -Data "PXEClient:Arch:00007"
      Add-DhcpServerv4Class -Name "iPXE" -Type User -Data "iPXE"
      Set-DhcpServerv4OptionValue -ScopeId SCOPE -OptionId 66 -Value "\(address)"
      Set-DhcpServerv4OptionValue -ScopeId SCOPE -OptionId 67 -Value "\(bios)"
      Add-DhcpServerv4Policy -ScopeId SCOPE -Name "Fino iPXE" -Condition OR -UserClass EQ,"iPXE" -ProcessingOrder 1
      Set-DhcpServerv4OptionValue -ScopeId SCOPE -PolicyName "Fino iPXE" -OptionId 67 -Value "\(script)"
      Add-DhcpServerv4Policy -ScopeId SCOPE -Name "Fino UEFI" -Condition OR -VendorClass EQ,"UEFI x64*" -ProcessingOrder 2
      Set-DhcpServerv4OptionValue -ScopeId SCOPE -PolicyName "Fino UEFI" -OptionId 67 -Value "\(uefi)"
      """
    }
  }
}
