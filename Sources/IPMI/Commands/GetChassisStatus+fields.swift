/// IPMI: the bits of a chassis status, by name.

extension GetChassisStatus.Response {
  /// Nil: the BMC does not know.
  package var restorePolicy: PowerRestorePolicy? {
    PowerRestorePolicy(rawValue: powerState >> 5 & 0x03)
  }
  package var hasControlFault: Bool { powerState & 0x10 != 0 }
  package var hasMainPowerFault: Bool { powerState & 0x08 != 0 }
  package var isInterlocked: Bool { powerState & 0x04 != 0 }

  /// As ipmitool writes them.
  package var lastEvents: [String] {
    let names = ["ac-failed", "overload", "interlock", "fault", "command"]
    return names.indices.filter { lastPowerEvent & (1 << UInt8($0)) != 0 }.map { names[$0] }
  }

  /// Nil: the BMC does not tell.
  package var identify: String? {
    guard miscellaneous & 0x40 != 0 else { return nil }
    switch miscellaneous >> 4 & 0x03 {
    case 0: return "off"
    case 1: return "for some time"
    case 2: return "on"
    default: return "unknown"
    }
  }
  package var hasFanFault: Bool { miscellaneous & 0x08 != 0 }
  package var hasDriveFault: Bool { miscellaneous & 0x04 != 0 }
  package var isFrontPanelLocked: Bool { miscellaneous & 0x02 != 0 }
  package var isIntruded: Bool { miscellaneous & 0x01 != 0 }

  /// The buttons that are switched off; nil: the BMC does not tell.
  package var disabledButtons: [String]? {
    frontPanel.map { panel in
      let names = ["power", "reset", "diagnostic interrupt", "sleep"]
      return names.indices.filter { panel & (1 << UInt8($0)) != 0 }.map { names[$0] }
    }
  }
}
