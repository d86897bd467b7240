/// Appliance: mistakes that only this machine can show: interfaces and files.

import Datagram
import Foundation
import IPMI

/// What would keep the settings from working here.
struct Preflight {
  var settings: Settings
  /// Where each setting's value came from.
  var places: [String: String]

  var mistakes: [ConfigurationMistake] {
    interfaceMistakes + passwordMistakes + keyMistakes + directoryMistakes
  }

  private func mistake(_ key: SettingKey, _ problem: String) -> ConfigurationMistake {
    ConfigurationMistake(
      place: places[key.name] ?? "the defaults", problem: "«\(key.name)»: \(problem)")
  }

  private var interfaceMistakes: [ConfigurationMistake] {
    let all: [NetworkInterface]
    do throws(SocketError) {
      all = try NetworkInterface.all()
    } catch {
      return [mistake(.interfaces, error.description)]
    }
    let choices = settings.interfaces.isEmpty ? [[]] : settings.interfaces.map { [$0] }
    return choices.compactMap { names in
      do throws(ApplianceError) {
        _ = try ServedInterfaces.choose(names, from: all)
        return nil
      } catch {
        return mistake(.interfaces, error.description)
      }
    }
  }

  /// The default password file may be missing: then nobody asked for IPMI yet.
  private var passwordMistakes: [ConfigurationMistake] {
    let file = settings.ipmi.passwordFile
    let isDefault = file == SettingKey.ipmiPasswordFile.defaultValue
    if isDefault, !FileManager.default.fileExists(atPath: file) { return [] }
    do throws(ApplianceError) {
      let password = try settings.ipmi.password()
      if password.isEmpty { return [mistake(.ipmiPasswordFile, "\(file) is empty")] }
      if password.count > IPMILogin.maximumPasswordLength {
        return [
          mistake(.ipmiPasswordFile, "the password in \(file) is longer than IPMI's 20 bytes")
        ]
      }
      return []
    } catch {
      return [mistake(.ipmiPasswordFile, error.description)]
    }
  }

  private var keyMistakes: [ConfigurationMistake] {
    guard let file = settings.ipmi.kgFile else { return [] }
    do {
      guard let kg = try settings.ipmi.kg(), !kg.isEmpty else {
        return [mistake(.ipmiKgFile, "\(file) is empty")]
      }
      _ = try IPMILogin(username: "", password: Secret(""), kg: kg)
      return []
    } catch {
      return [mistake(.ipmiKgFile, "\(file): \(error)")]
    }
  }

  private var directoryMistakes: [ConfigurationMistake] {
    guard let directory = settings.tftpDirectory,
      !FileManager.default.fileExists(atPath: directory)
    else { return [] }
    return [mistake(.tftpDirectory, "the directory \(directory) does not exist")]
  }
}
