@testable import StyleApp
