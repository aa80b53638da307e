from kushfilms.core.app_config import KushAppConfig


class CatalogConfig(KushAppConfig):
    default = True
    name = "catalog"
