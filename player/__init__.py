"""The kiosk screen: shows a playlist without a seam and writes down what was shown. It has no network."""
