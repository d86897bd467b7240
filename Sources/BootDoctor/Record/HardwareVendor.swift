/// BootDoctor: who made a network interface, for those that servers and virtual machines have.

package import Wire

/// A part of IEEE's registry of MA-L blocks; a name that is not here is not known.
package enum HardwareVendor {
  private static let names: [UInt32: String] = {
    var names: [UInt32: String] = [:]
    for (name, blocks) in table {
      for block in blocks { names[block] = name }
    }
    return names
  }()

  private static let table: [(String, [UInt32])] = [
    ("QEMU/KVM", [0x52_5400]),
    ("VMware", [0x00_5056, 0x00_0c29, 0x00_0569, 0x00_1c14]),
    ("VirtualBox", [0x08_0027]),
    ("Xen", [0x00_163e]),
    ("Microsoft Hyper-V", [0x00_155d]),
    ("Proxmox", [0xbc_2411]),
    ("Parallels", [0x00_1c42]),
    ("Nutanix", [0x50_6b8d]),
    (
      "Intel",
      [
        0x00_1b21, 0x00_1517, 0x00_1e67, 0x3c_fdfe, 0xa0_369f, 0x90_e2ba, 0x68_05ca,
        0x00_0e0c, 0x00_1320, 0x40_a6b7, 0xb4_9691, 0xf8_f21e,
      ]
    ),
    ("Broadcom", [0x00_1018, 0x00_0af7, 0xd4_04e6, 0xbc_97e1, 0x84_160c]),
    (
      "NVIDIA Mellanox",
      [
        0x00_02c9, 0x0c_42a1, 0x24_8a07, 0x7c_fe90, 0x98_039b, 0xb8_599f, 0xec_0d9a, 0x50_6b4b,
        0x04_3f72, 0x1c_34da, 0xb8_cef6, 0xe8_ebd3,
      ]
    ),
    ("Chelsio", [0x00_0743]),
    ("Solarflare", [0x00_0f53]),
    ("QLogic", [0x00_0e1e, 0x00_c0dd]),
    ("Realtek", [0x00_e04c]),
    (
      "Dell",
      [
        0x00_1422, 0x00_188b, 0x00_219b, 0x14_18_77, 0x18_66da, 0x24_6e96, 0xb0_83fe,
        0xd0_94_66, 0xf8_bc12, 0xec_f4bb, 0x44_a842, 0xb0_26_28, 0x4c_d9_8f,
      ]
    ),
    (
      "Hewlett Packard Enterprise",
      [
        0x00_17a4, 0x00_1f29, 0x3c_d92b, 0x94_18_82, 0x94_40c9, 0x9c_8e99, 0x48_df37, 0x70_10_6f,
        0x5c_ba2c, 0x14_02ec, 0x20_677c, 0xd0_67_26, 0x98_f2b3,
      ]
    ),
    ("Lenovo", [0x00_061b]),
    (
      "Super Micro",
      [0x00_2590, 0x00_3048, 0x0c_c47a, 0xac_1f6b, 0x3c_ecef, 0x90_5a08, 0x7c_c255]
    ),
    ("Cisco", [0x00_25b5, 0x00_1b0d, 0x58_8d09, 0x70_7db9]),
    ("Fujitsu", [0x00_1999, 0x90_1b0e, 0x4c_5262]),
    ("ASUSTek", [0x04_d9_f5, 0x2c_4d54]),
    ("Gigabyte", [0x1c_1b0d, 0x18_c04d, 0xe0_d55e, 0xb4_2e99]),
    ("ASRock", [0xbc_5ff4, 0xa8_a159, 0xd0_50_99]),
    ("Micro-Star", [0x4c_cc6a, 0x00_d861, 0x2c_f05d]),
    (
      "Raspberry Pi",
      [0xb8_27eb, 0xdc_a632, 0xe4_5f01, 0x28_cdc1, 0xd8_3add, 0x2c_cf67, 0x88_a29e]
    ),
    ("PC Engines", [0x00_0db9]),
    ("Apple", [0x00_1451, 0x3c_0754, 0xa8_20_66, 0xac_87a3]),
    ("Huawei", [0x00_e0fc, 0x28_6ed4, 0x48_7b6b]),
    ("Inspur", [0x6c_92bf, 0xb4_05_5d]),
    ("Quanta", [0x2c_600c, 0xa8_1e84]),
    ("Wistron", [0x98_eecb, 0x54_ee75]),
  ]

  /// nil for a block that is not in the table.
  package static func name(_ mac: MACAddress) -> String? {
    if let name = names[UInt32(truncatingIfNeeded: mac.value >> 24)] { return name }
    // The second bit of an address: nobody registered it.
    return mac.value & 0x0200_0000_0000 != 0 ? "locally administered" : nil
  }
}
