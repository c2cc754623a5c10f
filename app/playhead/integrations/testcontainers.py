"""PlayheadContainer:

the image for testcontainers-python, which the extra `testcontainers` brings.
"""

from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import HttpWaitStrategy

from playhead.client import Client
from playhead.client.transport import CONTROL
from playhead.settings import Settings, environment_variable

PORT = 8000
DEFAULT_SETTINGS = {"control_hosts": "*"}  # the machine that runs the container may go by any name


class PlayheadContainer(DockerContainer):
    """`with PlayheadContainer(scenario="empty") as container:

    account = container.client().create()`; settings are those of `playhead serve`.
    """

    def __init__(self, image: str = "playhead", **settings: object) -> None:
        given = DEFAULT_SETTINGS | settings
        self.settings = Settings.load(
            given, environment={}
        )  # a mistake is told here, not by a container that ends at once
        super().__init__(image)
        self.with_exposed_ports(PORT)
        self.with_envs(
            **{environment_variable(name): str(getattr(self.settings, name)) for name in given}
        )
        self.waiting_for(HttpWaitStrategy(PORT, f"{CONTROL}/health/ready").for_status_code(200))

    @property
    def url(self) -> str:
        """Where it answers, once it is started."""
        return f"http://{self.get_container_host_ip()}:{self.get_exposed_port(PORT)}"

    def client(self) -> Client:
        """Its accounts, to arrange and to ask."""
        return Client(self.url, self.settings.control_token)
