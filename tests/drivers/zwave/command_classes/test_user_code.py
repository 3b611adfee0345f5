from drivers.zwave.command_classes.user_code import UsersNumberReport


def test_the_number_of_users_is_that_of_the_highest_version() -> None:
    assert UsersNumberReport(20).users == 20
    assert UsersNumberReport(255, 300).users == 300
