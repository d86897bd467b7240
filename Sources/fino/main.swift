import AsyncHTTPClient
import ArgumentParser
import Appliance
print("fino")
