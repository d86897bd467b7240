/// IPMI: how many watts a machine takes, in words.

package struct PowerReadingReport: BMCReport {
  /// Watts.
  package var watts: UInt16
  package var minimum: UInt16
  package var maximum: UInt16
  package var average: UInt16
  /// Over which those were taken.
  package var periodSeconds: Double
  /// Seconds since 1970.
  package var time: UInt32
  package var isMeasuring: Bool

  package init(_ reading: GetDCMIPowerReading.Response) {
    watts = reading.now
    minimum = reading.minimum
    maximum = reading.maximum
    average = reading.average
    periodSeconds = Double(reading.period) / 1000
    time = reading.time
    isMeasuring = reading.isMeasuring
  }

  package var lines: [String] {
    table([
      ("Power Now", "\(watts) W"),
      ("Minimum", "\(minimum) W"),
      ("Maximum", "\(maximum) W"),
      ("Average", "\(average) W"),
      ("Period", "\(periodSeconds) s"),
      ("Time", BMCTime(time).text),
      ("Measuring", yes(isMeasuring)),
    ])
  }
}

extension CommandExchange {
  package func powerReading() async throws(IPMIError) -> PowerReadingReport {
    PowerReadingReport(try await run(GetDCMIPowerReading()))
  }
}
