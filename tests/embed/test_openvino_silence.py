import subprocess
import sys

import pytest

WATCH = """
import socket, sys

def refuse(*args, **_):
    print("reached for the network", args)

socket.socket.connect = socket.socket.connect_ex = refuse
socket.getaddrinfo = socket.create_connection = refuse
"""

TELL = """
import openvino.tools.ovc.telemetry_utils as utils
print(utils.tm.__name__)
print([name for name, module in sys.modules.items() if name.startswith("openvino_telemetry") and module is not None])
"""

SILENT = ["openvino.tools.ovc.telemetry_stub", "[]"]


def run(program):
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_importing_openvino_loads_its_stand_in_and_never_its_reporting_package():
    assert run(f"{WATCH}\nfrom trialkin.embed.openvino_runtime import openvino\nopenvino().Core()\n{TELL}") == SILENT


@pytest.mark.parametrize("precision", ["f32", "int8"])
@pytest.mark.usefixtures("openvino_f32", "openvino_int8")
def test_loading_an_encoder_and_encoding_reaches_for_no_network(models_home, precision):
    program = f"""
{WATCH}
from trialkin.embed import ChunkPolicy, embed_query, load_encoder
from trialkin.settings import Settings
encoder = load_encoder(Settings(home={str(models_home)!r}, precision={precision!r}))
assert embed_query("low platelet count", encoder, ChunkPolicy()).shape == (384,)
{TELL}
"""
    assert run(program) == SILENT


def test_converting_a_model_reaches_for_no_network(tmp_path):
    program = f"""
{WATCH}
from trialkin.embed import load_encoder
from trialkin.settings import Settings
load_encoder(Settings(home={str(tmp_path)!r}, precision="f32"))
import nncf.telemetry
{TELL}
"""
    assert run(program) == SILENT
