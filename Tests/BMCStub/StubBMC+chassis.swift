/// BMCStub: the machine behind the stub BMC: its power and its boot flags.

import IPMI

extension StubBMC {
  mutating func chassis(_ request: LANRequest, privilege: PrivilegeLevel) -> LANResponse? {
    if request.command == GetChassisStatus.code {
      let status = GetChassisStatus.Response(powerState: reportedPower() == .on ? 0x01 : 0)
      return LANResponse(to: request, data: status.bytes)
    }
    guard privilege >= .operator else {
      return LANResponse(to: request, completionCode: .insufficientPrivilege)
    }
    if let control = ChassisControl(request.data), request.command == ChassisControl.code {
      let isRestart = control.action == .powerCycle || control.action == .hardReset
      if isRestart, power == .off {
        return LANResponse(to: request, completionCode: .notInPresentState)
      }
      actions.append(control.action)
      if !personality.ignoresPower { act(control.action) }
      return personality.swallowsControlAnswers ? nil : LANResponse(to: request)
    }
    if let set = SetSystemBootOptions(request.data), request.command == SetSystemBootOptions.code {
      guard set.parameter == .bootFlags else {
        return LANResponse(to: request, completionCode: CompletionCode(rawValue: 0x80))
      }
      var data = set.data
      guard data.count == 5 else {
        return LANResponse(to: request, completionCode: .dataLengthInvalid)
      }
      data[0] &= personality.keptFlagBits
      if let flags = BootFlags(data), !personality.forgetsBootDevice { bootFlags = flags }
      return LANResponse(to: request)
    }
    if let get = GetSystemBootOptions(request.data), request.command == GetSystemBootOptions.code {
      guard get.parameter == .bootFlags else {
        return LANResponse(to: request, completionCode: CompletionCode(rawValue: 0x80))
      }
      let response = GetSystemBootOptions.Response(parameter: .bootFlags, data: bootFlags.bytes)
      return LANResponse(to: request, data: response.bytes)
    }
    return LANResponse(to: request, completionCode: .invalidCommand)
  }

  private mutating func reportedPower() -> PowerState {
    if personality.wronglyOnOnce {
      personality.wronglyOnOnce = false
      return .on
    }
    guard offAnswers > 0 else { return power }
    offAnswers -= 1
    return .off
  }

  private mutating func act(_ action: ChassisControl.Action) {
    switch action {
    case .powerDown, .softShutdown: power = .off
    case .powerUp: power = .on
    case .powerCycle: offAnswers = 2
    case .hardReset, .diagnosticInterrupt: break
    }
  }
}
