// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {RewardsDistributor} from "../src/RewardsDistributor.sol";
import {IAgentStaking} from "../src/interfaces/IAgentStaking.sol";
import {IRewardsDistributor} from "../src/interfaces/IRewardsDistributor.sol";
import {HostileToken} from "./HostileToken.sol";
import {RewardsFixture} from "./RewardsFixture.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

contract RewardsFundingTest is RewardsFixture {
    HostileToken private hostile;

    function setUp() public {
        hostile = new HostileToken(address(this), type(uint256).max);
        _deployWith(hostile);
    }

    function test_the_constructor_keeps_and_emits_the_settings() public {
        vm.expectEmit(vm.computeCreateAddress(address(this), vm.getNonce(address(this))));
        emit IRewardsDistributor.DistributorCreated(
            address(token), address(staking), WINDOW, BOND, PLATFORM, STAKERS
        );
        RewardsDistributor created = new RewardsDistributor(
            address(access), token, staking, WINDOW, BOND, IRewardsDistributor.Payees(PLATFORM, STAKERS)
        );
        vm.assertEq(address(created.token()), address(token), "token");
        vm.assertEq(address(created.staking()), address(staking), "staking");
        vm.assertEq(created.disputeWindow(), WINDOW, "window");
        vm.assertEq(created.minBond(), BOND, "bond");
        vm.assertEq(created.payees().platform, PLATFORM, "platform");
        vm.assertEq(created.payees().stakers, STAKERS, "stakers");
        vm.assertEq(created.authority(), address(access), "authority");
        vm.assertEq(uint256(created.epochOf(0).commitment), 0, "no epoch");
    }

    function _create(IERC20 token_, IAgentStaking staking_, address platform, address stakers) private {
        new RewardsDistributor(
            address(access), token_, staking_, WINDOW, BOND, IRewardsDistributor.Payees(platform, stakers)
        );
    }

    function test_the_constructor_refuses_zero_addresses() public {
        bytes4 zero = IRewardsDistributor.ZeroAddress.selector;
        vm.expectRevert(zero);
        _create(IERC20(address(0)), staking, PLATFORM, STAKERS);
        vm.expectRevert(zero);
        _create(token, IAgentStaking(address(0)), PLATFORM, STAKERS);
        vm.expectRevert(zero);
        _create(token, staking, address(0), STAKERS);
        vm.expectRevert(zero);
        _create(token, staking, PLATFORM, address(0));
    }

    function test_fund_adds_the_callers_tokens() public {
        vm.expectEmit(address(rewards));
        emit IRewardsDistributor.Funded(address(this), 5, FUNDED + 5);
        rewards.fund(5);
        vm.assertEq(rewards.funded(), FUNDED + 5, "funded");
        vm.assertEq(token.balanceOf(address(rewards)), FUNDED + 5, "tokens");
    }

    function test_fund_refuses_nothing() public {
        vm.expectRevert(IRewardsDistributor.ZeroAmount.selector);
        rewards.fund(0);
    }

    function test_fund_holds_at_most_96_bits() public {
        rewards.fund(type(uint96).max - FUNDED);
        vm.assertEq(rewards.funded(), type(uint96).max, "full");
        vm.expectRevert(
            abi.encodeWithSelector(
                SafeCast.SafeCastOverflowedUintDowncast.selector, 96, uint256(type(uint96).max) + 1
            )
        );
        rewards.fund(1);
    }

    function test_fund_refuses_a_token_that_keeps_a_part() public {
        hostile.setFee(100);
        vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.FeeOnTransfer.selector, 500, 495));
        rewards.fund(500);
        vm.assertEq(rewards.funded(), FUNDED, "nothing counted");
    }

    function test_fund_counts_no_tokens_twice_when_the_token_calls_back() public {
        hostile.transfer(address(hostile), 500);
        hostile.execute(address(hostile), abi.encodeCall(hostile.approve, (address(rewards), 500)));
        hostile.arm(address(rewards), abi.encodeCall(rewards.fund, (500)), true);
        vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.FeeOnTransfer.selector, 500, 0));
        rewards.fund(500);
    }
}
