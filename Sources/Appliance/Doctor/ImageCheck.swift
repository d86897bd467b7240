/// Appliance: the doctor looks at the images: which locations can be installed from.

import Foundation
import Images

struct ImageCheck {
  var root: String

  var findings: [Finding] {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: root, isDirectory: &isDirectory) else {
      return [
        Finding(
          "images", .note, "The images directory \(root) is not there yet.",
          remedy:
            "Put LOCATION/\(ImageLibrary.kernel) and \(ImageLibrary.initrd) there, unless all "
            + "images come from mirrors.")
      ]
    }
    guard isDirectory.boolValue else {
      return [
        Finding(
          "images", .problem, "\(root) is a file, not the images directory.",
          remedy: "Give the directory with --images.")
      ]
    }
    let library = ImageLibrary(root: root)
    guard case .directory(let listing) = library.item(at: "") else {
      return [
        Finding(
          "images", .problem, "The images directory \(root) can't be read.",
          remedy: "Let the user that runs Fino read it.")
      ]
    }
    let folders = listing.entries.filter(\.isDirectory).map(\.name)
    guard !folders.isEmpty else {
      return [
        Finding(
          "images", .note, "The images directory \(root) has no location to install from.")
      ]
    }
    return folders.map { folder in
      guard let problem = library.problem(withLocation: folder) else {
        return Finding("images", .ok, "Location «\(folder)» has its kernel and its initrd.")
      }
      return Finding("images", .warning, "Of the images, \(problem).")
    }
  }
}
