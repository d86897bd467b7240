/// IPMITests
