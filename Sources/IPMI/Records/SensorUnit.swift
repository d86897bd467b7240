/// IPMI: units of measurement.

/// IPMI 2.0 §43.17, bytes 21 to 23 of a sensor record.
package struct SensorUnit: Equatable, Sendable {
  /// Bits 7…6 the format of the number, 5…3 a rate, 2…1 what joins the two units, 0 per cent.
  package var flags: UInt8
  package var base: UInt8
  package var modifier: UInt8

  package init(flags: UInt8, base: UInt8, modifier: UInt8) {
    self.flags = flags
    self.base = base
    self.modifier = modifier
  }

  private static let names = [
    "unspecified", "degrees C", "degrees F", "degrees K", "Volts", "Amps", "Watts", "Joules",
    "Coulombs", "VA", "Nits", "lumen", "lux", "Candela", "kPa", "PSI", "Newton", "CFM", "RPM", "Hz",
    "microsecond", "millisecond", "second", "minute", "hour", "day", "week", "mil", "inches",
    "feet",
    "cu in", "cu feet", "mm", "cm", "m", "cu cm", "cu m", "liters", "fluid ounce", "radians",
    "steradians", "revolutions", "cycles", "gravities", "ounce", "pound", "ft-lb", "oz-in", "gauss",
    "gilberts", "henry", "millihenry", "farad", "microfarad", "ohms", "siemens", "mole",
    "becquerel",
    "PPM", "reserved", "Decibels", "DbA", "DbC", "gray", "sievert", "color temp deg K", "bit",
    "kilobit", "megabit", "gigabit", "byte", "kilobyte", "megabyte", "gigabyte", "word", "dword",
    "qword", "line", "hit", "miss", "retry", "reset", "overflow", "underrun", "collision",
    "packets",
    "messages", "characters", "error", "correctable error", "uncorrectable error", "fatal error",
    "grams",
  ]

  private static func name(_ number: UInt8) -> String {
    names.indices.contains(Int(number)) ? names[Int(number)] : "unit \(number)"
  }

  private static let rates = [
    "", "per microsecond", "per millisecond", "per second", "per minute", "per hour", "per day", "",
  ]

  /// `degrees C`, `percent`, `bit per second`; empty where there is none.
  package var text: String {
    if flags & 0x01 != 0 { return base == 0 ? "percent" : "% \(Self.name(base))" }
    guard base != 0 else { return "" }
    var text = Self.name(base)
    switch flags >> 1 & 0x03 {
    case 1: text += "/\(Self.name(modifier))"
    case 2: text += "*\(Self.name(modifier))"
    default: break
    }
    let rate = Self.rates[Int(flags >> 3 & 0x07)]
    return rate.isEmpty ? text : "\(text) \(rate)"
  }
}
