/// fino: who logs in to BMCs; for every command that talks to them.

import Appliance
import ArgumentParser
import IPMI

struct BMCLoginOptions: ParsableArguments {
  @Option(name: .long, help: "The user name. Default: ipmi.username of the configuration.")
  var user: String?

  @Option(
    name: .customLong("password-file"),
    help: ArgumentHelp("The file with the password in its first line.", valueName: "file"))
  var passwordFile: String?

  @Flag(name: .customLong("ask-password"), help: "Ask for the password on the terminal.")
  var asksPassword = false

  @Option(
    name: .long,
    help: ArgumentHelp(
      """
      The BMC's own key (K_g), at most 20 bytes, where it wants a two-key login. It is taken out of \
      the process list at once; --kg-file, or FINO_IPMI_KG_FILE, never stands there.
      """, valueName: "text|0xhex"))
  var kg: String?

  @Option(
    name: .customLong("kg-file"),
    help: ArgumentHelp("The file with the K_g in its first line.", valueName: "file"))
  var kgFile: String?

  @Option(name: .long, help: "The UDP port. Default: 623.")
  var port: String?

  @Option(
    name: .customLong("cipher-suite"),
    help: ArgumentHelp(
      "Only this cipher suite. Default: 17, then 3, then what the BMC lists.", valueName: "n"))
  var cipherSuite: UInt8?

  @Option(name: .long, help: "user, operator or administrator. Default: administrator.")
  var privilege: String?

  @Option(name: .long, help: "The configuration file.")
  var config: String?

  func validate() throws {
    if kg != nil { HiddenArgument.hide("--kg") }
    if kg != nil, kgFile != nil { throw ValidationError("give --kg or --kg-file, not both") }
    if let cipherSuite, CipherSuite(id: cipherSuite) == nil {
      throw ValidationError("--cipher-suite \(cipherSuite) is not supported")
    }
  }

  /// The login, and the port of BMCs that are named without one.
  func read() throws -> (login: IPMILogin, port: UInt16) {
    var given: [String: [String]] = [:]
    if let user { given["ipmi.username"] = [user] }
    if let passwordFile { given["ipmi.password-file"] = [passwordFile] }
    if let kgFile { given["ipmi.kg-file"] = [kgFile] }
    if let port { given["ipmi.port"] = [port] }
    if let privilege { given["ipmi.privilege"] = [privilege] }
    let settings = try SettingsReader(commandLine: given, file: config).read().ipmi
    let port = UInt16(clamping: settings.port)
    let kg = try kg.map(Secret.init(kg:))
    guard asksPassword else { return (try settings.login(cipherSuite: cipherSuite, kg: kg), port) }
    guard let password = PasswordPrompt.ask("Password of \(settings.username): ") else {
      throw ValidationError("--ask-password needs a terminal")
    }
    return (try settings.login(cipherSuite: cipherSuite, password: password, kg: kg), port)
  }
}
