/// fino: takes a secret that stands among the arguments out of the process list.

import Foundation

enum HiddenArgument {
  /// Overwrites the value of `option`, as `option value` and as `option=value`, where `ps` reads it.
  /// What was parsed before is a copy.
  static func hide(_ option: String) {
    let arguments = CommandLine.unsafeArgv
    var isValue = false
    for index in 1..<max(1, Int(CommandLine.argc)) {
      guard let argument = arguments[index] else { return }
      if isValue {
        memset(argument, Int32(UInt8(ascii: "*")), strlen(argument))
        isValue = false
      } else if strcmp(argument, option) == 0 {
        isValue = true
      } else if strncmp(argument, option + "=", option.utf8.count + 1) == 0 {
        let value = argument + option.utf8.count + 1
        memset(value, Int32(UInt8(ascii: "*")), strlen(value))
      }
    }
  }
}
