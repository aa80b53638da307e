from kushfilms.core.app_config import KushAppConfig


class StreamingConfig(KushAppConfig):
    default = True
    name = "streaming"
