/// IPMI: why a BMC could not be used, in one sentence each.

package import Wire

/// The sentence begins in lower case, so that it can stand behind the BMC's address and a colon.
/// None has a password in it.
package enum IPMIError: Error, Equatable, Sendable {
  package enum Field: String, Sendable {
    case username = "user name"
    case password
    case kg = "K_g"
  }

  // Before anything is sent.
  case badAddress(String)
  case unknownHost(String, String)
  case tooLong(Field, limit: Int)
  case badKg
  case network(String)

  // The BMC cannot be talked to.
  case noAnswer
  case refused
  case onlyLegacy
  case noLegacyAuthentication(offered: UInt8)
  case legacyDowngraded(asked: LegacyAuthentication)

  // The login failed.
  case silentLogin(step: LoginStep)
  case suitesRefused([CipherSuite], RMCPStatus)
  case noCommonSuite(listed: [UInt8])
  case downgraded(asked: CipherSuite, offered: AlgorithmNumbers)
  case sessionTableFull
  case wrongUsername
  case wrongPassword
  case needsKg
  case wrongKg
  case privilegeRefused(PrivilegeLevel)
  case loginRefused(step: LoginStep, RMCPStatus)

  // A command failed.
  case unanswered(command: String)
  case failed(command: String, CompletionCode, meaning: String)
  case malformed(command: String, WireError)

  // The serial console.
  case serialRefused(CompletionCode)
  case serialLost(String)
  case serialNeedsRMCPPlus

  // The commands worked, the machine did not follow.
  case noEffect(PowerAction, still: PowerState)
  case uncertain(PowerAction, now: PowerState)
  case bootDeviceNotKept(wanted: BootDevice, found: BootDevice)

  case timeLimit(Duration)
  case cancelled
}

/// The exchanges of a login.
package enum LoginStep: String, Sendable {
  case openSession = "Open Session"
  case rakp1 = "RAKP 1"
  case rakp3 = "RAKP 3"
  case getSessionChallenge = "Get Session Challenge"
  case activateSession = "Activate Session"
}

extension IPMIError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .badAddress(let text):
      "“\(text)” is not the address of a BMC; write an IP address or a host name, with :PORT if it is "
        + "not 623 ([2001:db8::7]:9623)"
    case .unknownHost(let name, let why):
      "the host name \(name) has no address (\(why)); check the name and the DNS"
    case .tooLong(let field, let limit):
      "the \(field.rawValue) is longer than the \(limit) bytes that IPMI "
        + (limit == LegacySeal.maximumPasswordLength && field == .password ? "1.5" : "2.0")
        + " allows"
    case .badKg:
      "the K_g begins with 0x and is not an even number of hexadecimal digits"
    case .network(let why):
      why
    case .noAnswer:
      "the BMC does not answer; check its address, its network, and that IPMI over LAN is enabled"
    case .refused:
      "nothing listens on the IPMI port; check the address and that IPMI over LAN is enabled"
    case .onlyLegacy:
      "the BMC says that it speaks only IPMI 1.5; version 2.0 (RMCP+) is needed, unless IPMI 1.5 "
        + "is allowed for this BMC"
    case .noLegacyAuthentication(let offered):
      "the BMC speaks only IPMI 1.5, and there neither MD5 nor MD2 (it offers "
        + Self.names(ofLegacy: offered) + "); name one of these if that is meant"
    case .legacyDowngraded(let asked):
      "the BMC answered the login of IPMI 1.5 with \(asked) with another way to authenticate; this "
        + "was not accepted"
    case .silentLogin(let step):
      "the BMC stopped answering during the login (\(step.rawValue)); some do so for a user name "
        + "that they do not know, or when they are overloaded"
    case .suitesRefused(let suites, let status):
      "the BMC refused cipher suite \(suites.map { "\($0.id)" }.joined(separator: " and ")) with "
        + "status \(status); enable it on the BMC, or configure one that the BMC has"
    case .noCommonSuite(let listed):
      "the BMC refused cipher suites 17 and 3 and lists \(listed.map(String.init).joined(separator: ", ")); "
        + "none of these is both known and signed, so one must be named if it is meant"
    case .downgraded(let asked, let offered):
      "the BMC answered cipher suite \(asked.id) with other algorithms "
        + "(\(Self.name(of: offered))) than were asked for; this was not accepted"
    case .sessionTableFull:
      "the BMC has no free session; wait a minute, or close other IPMI sessions"
    case .wrongUsername:
      "the BMC does not know the user name, or does not let this user in over LAN"
    case .wrongPassword:
      "the password (or the user name) is wrong"
    case .needsKg:
      "the BMC wants a two-key login; configure its K_g"
    case .wrongKg:
      "the K_g is wrong"
    case .privilegeRefused(let level):
      "the user may not have the privilege “\(level)”; configure a lower one or raise the user's"
    case .loginRefused(let step, let status):
      "the BMC refused the login (\(step.rawValue)) with status \(status)"
    case .unanswered(let command):
      "the BMC did not answer “\(command)”"
    case .failed(let command, let code, let meaning):
      "the BMC refused “\(command)”: \(meaning.isEmpty ? "\(code)" : meaning)"
    case .malformed(let command, let error):
      "the BMC's answer to “\(command)” cannot be read: \(error)"
    case .serialRefused(let code):
      "the BMC does not give its serial console: "
        + code.description(for: ActivatePayload.meanings)
    case .serialLost(let why):
      "the serial console was lost: \(why)"
    case .serialNeedsRMCPPlus:
      "the serial console needs IPMI 2.0; this session speaks 1.5"
    case .noEffect(let action, let still):
      "the BMC accepted “power \(action)”, but the machine is still \(still)"
    case .uncertain(let action, let now):
      "the BMC did not answer “power \(action)” and the machine is \(now); it may or may not have "
        + "acted, so it was not asked twice"
    case .bootDeviceNotKept(let wanted, let found):
      "the BMC accepted boot device \(wanted), but reads back \(found)"
    case .timeLimit(let limit):
      "no result within the time limit of \(limit)"
    case .cancelled:
      "the request was cancelled"
    }
  }

  private static func names(ofLegacy offered: UInt8) -> String {
    let names = LegacyAuthentication.allCases.filter { offered & $0.bit != 0 }.map { "\($0)" }
    return names.isEmpty ? "nothing" : names.joined(separator: ", ")
  }

  private static func name(of numbers: AlgorithmNumbers) -> String {
    CipherSuite(numbers).map { "those of suite \($0.id)" }
      ?? "\(numbers.authentication)/\(numbers.integrity)/\(numbers.confidentiality)"
  }
}
